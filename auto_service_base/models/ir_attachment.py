from odoo import models


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def _index(self, bin_data, file_type, checksum=None):
        """Files of labour times are not searched by their words.

        The host would keep all of a hundred megabytes of text in its table.
        """
        if self.env.context.get("auto_service_no_index"):
            return None
        return super()._index(bin_data, file_type, checksum=checksum)
