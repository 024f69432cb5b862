from odoo import api, fields, models


class ProductTemplate(models.Model):
    _name = "product.template"
    _inherit = ["product.template", "auto.service.price.guard"]

    workshop_kind = fields.Selection(
        [
            ("labour", "Labour"),
            ("part", "Part"),
            ("sublet", "Sublet"),
            ("fee", "Fee"),
        ],
        compute="_compute_workshop_kind",
        store=True,
        readonly=False,
        precompute=True,
        help="What the product is on a work order: a service sold by the hour is "
        "labour, another service a fee, goods are parts. Work that another company "
        "does for you is sublet.",
    )

    @api.depends("type", "uom_id")
    def _compute_workshop_kind(self):
        hour = self.env.ref("uom.product_uom_hour", raise_if_not_found=False)
        for template in self:
            if template.type != "service":
                template.workshop_kind = "part"
            elif hour and template.uom_id._has_common_reference(hour):
                template.workshop_kind = "labour"
            elif template.workshop_kind != "sublet":
                template.workshop_kind = "fee"
