from datetime import UTC, timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class AutoServicePickLine(models.Model):
    """What is reserved for jobs and where it lies: the way along the bins.

    A read model over the reserved lines of deliveries for open work orders; its id is
    that of the stock.move.line.
    """

    _name = "auto.service.pick.line"
    _description = "Part to Pick"
    _auto = False
    _order = "is_picked, wanted_at, order_id, place, id"
    _rec_name = "product_id"
    _depends = {
        "stock.move.line": [
            *("move_id", "location_id", "lot_id", "quantity_product_uom", "state"),
            *("auto_service_picked_at", "auto_service_picked_by_id"),
        ],
        "stock.move": ["sale_line_id", "location_id", "warehouse_id", "state"],
        "sale.order.line": ["job_id", "work_order_id"],
        "auto.service.order": ["license_plate", "parts_wanted_at", "state", "box_id"],
        "stock.location": ["complete_name", "usage"],
    }

    move_line_id = fields.Many2one(
        "stock.move.line", string="Reservation", readonly=True, help="Reserved pieces."
    )
    line_id = fields.Many2one(
        "sale.order.line",
        string="Line",
        readonly=True,
        help="Line of the estimate that the part is on.",
    )
    job_id = fields.Many2one(
        "auto.service.job", readonly=True, help="Job that the part is for."
    )
    order_id = fields.Many2one(
        "auto.service.order",
        string="Work order",
        readonly=True,
        help="Visit that the part is for.",
    )
    license_plate = fields.Char(readonly=True, help="Plate of the vehicle.")
    technician_id = fields.Many2one(
        "hr.employee", readonly=True, help="Who is to do the job."
    )
    box_id = fields.Many2one(
        "stock.location", string="Box", readonly=True, help="Where the parts go."
    )
    product_id = fields.Many2one(
        "product.product", string="Part", readonly=True, help="What is picked."
    )
    product_code = fields.Char(
        string="Part number", readonly=True, help="Own number of the part."
    )
    lot_id = fields.Many2one(
        "stock.lot",
        string="Lot or serial number",
        readonly=True,
        help="Which piece is reserved, where that is kept.",
    )
    location_id = fields.Many2one(
        "stock.location", string="Bin", readonly=True, help="Where the part lies."
    )
    place = fields.Char(
        readonly=True, help="Full name of the bin; the list is in its order."
    )
    quantity = fields.Float(
        digits="Product Unit",
        readonly=True,
        help="How many are reserved here, in the unit of the product.",
    )
    uom_id = fields.Many2one("uom.uom", string="Unit", readonly=True, help="Unit.")
    wanted_at = fields.Datetime(
        string="Wanted", readonly=True, help="When the work on the vehicle begins."
    )
    is_picked = fields.Boolean(
        string="Picked", readonly=True, help="It lies in the box of the visit."
    )
    picked_at = fields.Datetime(
        string="Picked at", readonly=True, help="When it was put into the box."
    )
    picked_by_id = fields.Many2one(
        "res.users", string="Picked by", readonly=True, help="Who put it into the box."
    )
    company_id = fields.Many2one(
        "res.company", readonly=True, help="Company of the work order."
    )
    is_due = fields.Boolean(
        string="Due",
        search="_search_is_due",
        store=False,
        help="For today, or for the days ahead that the company picks for.",
    )

    @api.model
    def _search_is_due(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("wanted_at", "<", self._get_due_until(company))
            for company in self.env.companies
        )
        return domain if True in value else ~domain

    @api.model
    def _get_due_until(self, company):
        """End of the last day that is picked for, in UTC.

        :return: datetime
        """
        days = max(company.sudo().auto_service_prepick_days, 0) + 1
        today = fields.Datetime.context_timestamp(self, fields.Datetime.now())
        midnight = today.replace(hour=0, minute=0, second=0, microsecond=0)
        end = midnight + timedelta(days=days)
        return end.astimezone(UTC).replace(tzinfo=None)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT row.id, row.id AS move_line_id, line.id AS line_id, line.job_id,
                   visit.id AS order_id, visit.license_plate, job.technician_id,
                   visit.box_id, row.product_id, product.default_code AS product_code,
                   row.lot_id, row.location_id, place.complete_name AS place,
                   row.quantity_product_uom AS quantity, template.uom_id,
                   visit.parts_wanted_at AS wanted_at,
                   row.auto_service_picked_at IS NOT NULL AS is_picked,
                   row.auto_service_picked_at AS picked_at,
                   row.auto_service_picked_by_id AS picked_by_id,
                   visit.company_id
              FROM stock_move move
              JOIN stock_move_line row ON row.move_id = move.id
              JOIN sale_order_line line ON line.id = move.sale_line_id
              JOIN auto_service_order visit ON visit.id = line.work_order_id
         LEFT JOIN auto_service_job job ON job.id = line.job_id
              JOIN product_product product ON product.id = row.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
              JOIN stock_location place ON place.id = row.location_id
         LEFT JOIN stock_warehouse warehouse ON warehouse.id = line.warehouse_id
             WHERE move.state IN ('assigned', 'partially_available')
               AND visit.state = 'open'
               AND place.usage = 'internal'
               AND row.quantity_product_uom > 0
               AND move.location_id IS DISTINCT FROM warehouse.wh_output_stock_loc_id
               AND move.location_id IS DISTINCT FROM warehouse.wh_pack_stock_loc_id
               AND NOT EXISTS (
                   SELECT FROM hr_employee van
                    WHERE van.auto_service_location_id = move.location_id
               )
            """
        )

    def action_pick(self):
        """Everything that is ticked lies in its box now."""
        rows = self.filtered(lambda row: not row.is_picked)
        for row in rows:
            row.line_id._pick_rows(row.move_line_id)

    def action_unpick(self):
        """What is ticked goes back to its bin; it stays reserved."""
        self.filtered("is_picked").line_id._unpick()

    def action_print(self):
        """Pick list of the visits that are ticked.

        :return: report action
        """
        return self.env.ref(
            "auto_service_warehouse.action_report_pick_list"
        ).report_action(self.order_id.sorted("parts_wanted_at"))
