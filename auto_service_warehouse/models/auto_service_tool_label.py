from odoo import models


class AutoServiceTool(models.Model):
    _inherit = "auto.service.tool"

    def action_print_labels(self):
        """Print the labels of the tools."""
        return self.env["auto.service.label"]._open(self)

    def _get_label_values(self):
        """What stands on the labels of the tools.

        :return: list of dicts of values of auto.service.label.line
        """
        return [
            {
                "title": tool.name,
                "text": " · ".join(filter(None, (tool.code, tool.place))),
                "code": f"TOOL:{tool.code}",
            }
            for tool in self
        ]
