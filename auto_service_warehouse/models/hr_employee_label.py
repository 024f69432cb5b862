from odoo import models


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    def action_print_badges(self):
        """Print badges that the scanner knows; who has none gets a number.

        People of the garage need no rights in the Employees app for it.
        """
        labels = self.env["auto.service.label"]
        labels._check_badges()
        self.env["hr.employee.public"].browse(self.ids).check_access("read")
        employees_sudo = self.sudo()
        employees_sudo.filtered(
            lambda employee: not employee.barcode
        ).generate_random_barcode()
        return labels._open(employees_sudo)

    def _get_label_values(self):
        """What stands on the badges.

        :return: list of dicts of values of auto.service.label.line
        """
        self.env["auto.service.label"]._check_badges()
        return [
            {
                "title": employee.name,
                "text": employee.company_id.name,
                "code": employee.barcode,
            }
            for employee in self.sudo()  # the number is for the HR department only
        ]
