from odoo import fields, models
from odoo.exceptions import AccessError


class AutoServiceCatalogueLoad(models.TransientModel):
    """Dialog that brings the starter catalogue into the database."""

    _name = "auto.service.catalogue.load"
    _description = "Load the Starter Catalogue"

    with_packages = fields.Boolean(
        string="Packages",
        default=True,
        help="Jobs that garages sell often, and the fluids that they use. Their prices "
        "are examples: put your own.",
    )
    with_plans = fields.Boolean(
        string="Maintenance plans",
        default=True,
        help="Plans for petrol, diesel and hybrid cars and for every vehicle. The "
        "intervals are a beginning, not the makers'.",
    )
    result = fields.Text(readonly=True, help="What was created.")

    def action_load(self):
        """Load the catalogue, then say what came.

        :return: act_window action of the same dialog
        """
        self.ensure_one()
        if not self.env.user.has_group("auto_service_base.group_manager"):
            raise AccessError(self.env._("Only a manager loads the catalogue."))
        # Managers of the garage need not be allowed to write products.
        created = (
            self.env["auto.service.catalogue"]
            .sudo()
            ._load(packages=self.with_packages, plans=self.with_plans)
        )
        self.result = self._describe(created)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Starter catalogue"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _describe(self, created):
        """Text about what was created.

        :param dict created: see ``auto.service.catalogue._load``
        """
        models_ = self.env["ir.model"].sudo()  # names of models, for everybody
        lines = [
            self.env._(
                "%(model)s: %(count)s",
                model=models_._get(name).name,
                count=len(records),
            )
            for name, records in created.items()
            if records
        ]
        products = created.get("product.product", self.env["product.product"])
        unpriced = products.filtered(lambda product: not product.list_price)
        if unpriced:
            lines.append(
                self.env._(
                    "Enter the prices of these, nobody knows the rate of the euro: "
                    "%(products)s",
                    products=", ".join(
                        unpriced.with_context(lang=self.env.lang).mapped("name")
                    ),
                )
            )
        return "\n".join(lines) or self.env._("Everything is here already.")

    def action_open(self):
        """Show the operations.

        :return: act_window action
        """
        return self.env["ir.actions.act_window"]._for_xml_id(
            "auto_service_base.auto_service_operation_action"
        )
