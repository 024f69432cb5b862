from odoo import fields, models


class StockWarehouse(models.Model):
    """Where picked parts wait for their jobs, and where broken ones wait to go back."""

    _inherit = "stock.warehouse"

    auto_service_box_location_id = fields.Many2one(
        "stock.location",
        string="Job boxes",
        copy=False,
        help="Parts that were picked for jobs lie here, or in a box below it.",
    )
    auto_service_defect_location_id = fields.Many2one(
        "stock.location",
        string="Defective parts",
        copy=False,
        help="Parts that came back broken wait here; nobody can take them for a job.",
    )

    def _get_job_boxes(self):
        """Place of the picked parts; made when it is needed for the first time.

        :return: stock.location record
        """
        self.ensure_one()
        # People of the parts desk do not set up warehouses.
        warehouse_sudo = self.sudo()
        if not warehouse_sudo.auto_service_box_location_id:
            warehouse_sudo._enter_set_up()
            warehouse_sudo.auto_service_box_location_id = warehouse_sudo._add_location(
                self.env._("Job boxes"), warehouse_sudo.lot_stock_id
            )
        return warehouse_sudo.auto_service_box_location_id.sudo(False)

    def _get_defect_location(self):
        """Place of the broken parts, outside of what deliveries take from.

        :return: stock.location record
        """
        self.ensure_one()
        warehouse_sudo = self.sudo()  # as above
        if not warehouse_sudo.auto_service_defect_location_id:
            warehouse_sudo._enter_set_up()
            warehouse_sudo.auto_service_defect_location_id = (
                warehouse_sudo._add_location(
                    self.env._("Defective parts"), warehouse_sudo.view_location_id
                )
            )
        return warehouse_sudo.auto_service_defect_location_id.sudo(False)

    def _enter_set_up(self):
        """Of two who need the place at once, one makes it and the other finds it."""
        self.env["auto.service.entry.guard"].sudo()._enter(f"warehouse {self.id}")

    def _add_location(self, name, parent):
        """Internal place of the warehouse below ``parent``.

        :return: stock.location record
        """
        self.ensure_one()
        return self.env["stock.location"].create(
            {
                "name": name,
                "usage": "internal",
                "location_id": parent.id,
                "company_id": self.company_id.id,
            }
        )
