from odoo import api, fields, models


class AutoServiceSupplierAccount(models.Model):
    """Our account at a supplier who answers and takes orders over the net."""

    _name = "auto.service.supplier.account"
    _description = "Account at a Supplier"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, help="Short name, shown beside the offers.")
    sequence = fields.Integer(default=10, help="Place in lists.")
    active = fields.Boolean(
        default=True, help="An archived account is not asked any more."
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        help="Company that has the account.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Supplier",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
        help="Vendor whose bills come for what is ordered here.",
    )
    handler = fields.Selection(
        selection="_selection_handler",
        required=True,
        help="How the supplier is talked to.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        help="Currency of the prices that the supplier answers.",
    )

    @api.model
    def _selection_handler(self):
        """Handlers that are installed: pairs of model and label."""
        parent = self.env.registry["auto.service.supplier.handler"]
        return [
            (name, self.env[name]._handler_label)
            for name in sorted(self.env.registry.descendants([parent._name], "_inherit"))
            if name != parent._name
        ]
