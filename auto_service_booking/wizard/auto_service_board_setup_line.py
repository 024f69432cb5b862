from odoo import api, fields, models
from odoo.exceptions import ValidationError

MOST = 100


class AutoServiceBoardSetupLine(models.TransientModel):
    _name = "auto.service.board.setup.line"
    _description = "Bays of One Kind"

    setup_id = fields.Many2one(
        "auto.service.board.setup",
        required=True,
        ondelete="cascade",
        help="Set-up it belongs to.",
    )
    kind_id = fields.Many2one(
        "auto.service.resource.kind",
        string="Kind of bay",
        required=True,
        ondelete="cascade",
        domain="[('role', '=', 'bay')]",
        help="Kind of the bays that are made.",
    )
    count = fields.Integer(
        string="How many", help="Bays to make, beside those there are."
    )

    @api.constrains("count")
    def _check_count(self):
        if any(not 0 <= line.count <= MOST for line in self):
            raise ValidationError(
                self.env._("Make between 0 and %(most)s bays of a kind.", most=MOST)
            )

    def _prepare_bays(self):
        """Values of the bays: “Lift 1”, “Lift 2” after those there are."""
        counts = self.env["auto.service.bay"]._read_group(
            [
                ("company_id", "in", self.setup_id.company_id.ids),
                ("kind_id", "in", self.kind_id.ids),
            ],
            ["kind_id"],
            ["__count"],
        )
        taken = {kind.id: count for kind, count in counts}
        return [
            {
                "name": line._get_bay_name(taken.get(line.kind_id.id, 0), number),
                "kind_id": line.kind_id.id,
                "company_id": line.setup_id.company_id.id,
                "sequence": line.kind_id.sequence * 10 + number,
            }
            for line in self
            for number in range(1, line.count + 1)
        ]

    def _get_bay_name(self, taken, number):
        if not taken and self.count == 1:
            return self.kind_id.name
        return f"{self.kind_id.name} {taken + number}"
