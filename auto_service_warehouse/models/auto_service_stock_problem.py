from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL


class AutoServiceStockProblem(models.Model):
    """What is below zero, or promised twice, right now: a list of the database."""

    _name = "auto.service.stock.problem"
    _description = "Stock Below Zero"
    _auto = False
    _order = "kind, product_id, id"
    _rec_name = "product_id"

    kind = fields.Selection(
        [("negative", "Below zero"), ("promised", "Promised twice")],
        readonly=True,
        help="Below zero: less than nothing is there. Promised twice: more is "
        "reserved than is there.",
    )
    product_id = fields.Many2one(
        "product.product", readonly=True, help="Part that it is about."
    )
    location_id = fields.Many2one(
        "stock.location", readonly=True, help="Place that it is about."
    )
    lot_id = fields.Many2one(
        "stock.lot", readonly=True, help="Lot or serial number that it is about."
    )
    package_id = fields.Many2one(
        "stock.package", readonly=True, help="Package that it is about."
    )
    owner_id = fields.Many2one(
        "res.partner", readonly=True, help="Who the pieces belong to, when not to us."
    )
    quantity = fields.Float(
        string="On hand",
        digits="Product Unit",
        readonly=True,
        help="What the system says is there, in the unit of the product.",
    )
    reserved_quantity = fields.Float(
        string="Reserved",
        digits="Product Unit",
        readonly=True,
        help="What is reserved of it, in the unit of the product.",
    )
    missing_quantity = fields.Float(
        string="Missing",
        digits="Product Unit",
        readonly=True,
        help="How many pieces are below zero or promised twice, in the unit of the "
        "product.",
    )
    company_id = fields.Many2one(
        "res.company", readonly=True, help="Company whose stock it is."
    )
    holders = fields.Char(
        string="Reserved for",
        compute="_compute_holders",
        help="Transfers and visits that have it reserved.",
    )

    @property
    def _table_query(self):
        """Shelves with less than nothing on them, or less than is reserved.

        A shelf is a product in a place, with package and owner; several quants of one
        lot are added up, and pieces without a lot stand in for those with one. Only
        places where a single row looks wrong are added up: a million rows are read
        once, and not sorted.
        """
        self.env["stock.quant"].flush_model()
        return SQL(
            """
            WITH suspect AS (
                SELECT DISTINCT q.product_id, q.location_id
                  FROM stock_quant q
                 WHERE coalesce(q.quantity, 0) < q.reserved_quantity OR q.quantity < 0
            ), level AS (
                SELECT min(q.id) AS id, q.product_id, q.location_id, q.lot_id,
                       q.package_id, q.owner_id, q.company_id,
                       round(sum(coalesce(q.quantity, 0))::numeric, 6) AS quantity,
                       round(sum(q.reserved_quantity)::numeric, 6) AS reserved_quantity
                  FROM suspect
                  JOIN stock_quant q USING (product_id, location_id)
                  JOIN stock_location l ON l.id = q.location_id
                 WHERE l.usage IN ('internal', 'transit') AND q.company_id IS NOT NULL
                 GROUP BY q.product_id, q.location_id, q.lot_id, q.package_id,
                          q.owner_id, q.company_id
            ), shelf AS (
                SELECT level.*,
                       %(there)s - %(there_alone)s AS missing,
                       %(free)s - %(free_alone)s AS promised
                  FROM level
                WINDOW shelf AS (
                    PARTITION BY product_id, location_id, package_id, owner_id
                )
            )
            SELECT id, product_id, location_id, lot_id, package_id, owner_id,
                   company_id, quantity, reserved_quantity,
                   CASE WHEN quantity < 0 AND missing > 0 THEN 'negative'
                        ELSE 'promised' END AS kind,
                   CASE WHEN quantity < 0 AND missing > 0 THEN least(missing, -quantity)
                        ELSE least(promised, reserved_quantity - quantity)
                         END AS missing_quantity
              FROM shelf
             WHERE quantity < 0 AND missing > 0
                OR quantity < reserved_quantity AND promised > 0
            """,
            there=self._get_need_sql(SQL("quantity")),
            there_alone=self._get_spare_sql(SQL("quantity")),
            free=self._get_need_sql(SQL("quantity - reserved_quantity")),
            free_alone=self._get_spare_sql(SQL("quantity - reserved_quantity")),
        )

    @api.model
    def _get_need_sql(self, level):
        """What lots of the shelf lack."""
        return SQL(
            "coalesce(sum(greatest(0, -(%s))) FILTER (WHERE lot_id IS NOT NULL)"
            " OVER shelf, 0)",
            level,
        )

    @api.model
    def _get_spare_sql(self, level):
        """What the shelf has without a lot."""
        return SQL(
            "coalesce(sum(%s) FILTER (WHERE lot_id IS NULL) OVER shelf, 0)", level
        )

    @api.depends("product_id", "location_id", "lot_id", "package_id", "owner_id")
    def _compute_holders(self):
        # Who counts may not see transfers of every kind, but may know who has the part.
        quants_sudo = self.env["stock.quant"].sudo()
        shelves = {problem: problem._get_shelf_ids() for problem in self}
        holders = quants_sudo._get_holders(list(shelves.values()))
        for problem, shelf in shelves.items():
            names = holders[shelf]
            problem.holders = quants_sudo._format_holders(names) if names else False

    def _get_shelf_ids(self):
        """Ids of product, location, package and owner; None where there is none."""
        self.ensure_one()
        return (
            self.product_id.id,
            self.location_id.id,
            self.package_id.id or None,
            self.owner_id.id or None,
        )

    def _get_quants(self):
        """Rows of the host that are added up in these problems."""
        shelves = Domain.OR(
            Domain(
                [
                    ("product_id", "=", problem.product_id.id),
                    ("location_id", "=", problem.location_id.id),
                    ("lot_id", "=", problem.lot_id.id),
                    ("package_id", "=", problem.package_id.id),
                    ("owner_id", "=", problem.owner_id.id),
                ]
            )
            for problem in self
        )
        return self.env["stock.quant"].search(shelves)

    def action_count(self):
        """Open the host's list of counts with just these shelves."""
        action = self.env["stock.quant"].action_view_inventory()
        context = {
            key: value
            for key, value in action["context"].items()
            if not key.startswith("search_default_")
        }
        action.update(
            name=self.env._("Count what is below zero"),
            domain=[("id", "in", self._get_quants().ids)],
            context={**context, "inventory_mode": True},
        )
        return action

    def action_open_quants(self):
        """Show the rows of the host, with their history."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Stock"),
            "res_model": "stock.quant",
            "view_mode": "list,form",
            "domain": [("id", "in", self._get_quants().ids)],
        }

    def action_release(self):
        """Give back what is promised twice: who needs it last waits.

        Transfers that lose pieces are told in their chatter.
        """
        self._ensure_may_release()
        self.env["stock.quant"].sudo()._clean_reservations()
        for problem in self.filtered(lambda row: row.kind == "promised"):
            problem._release()

    def _ensure_may_release(self):
        if not self.env.user.has_group("auto_service_base.group_parts"):
            raise AccessError(
                self.env._("Only people of the parts desk release reservations.")
            )

    def _release(self):
        # The parts desk may not see transfers of every kind, but all hold the part.
        lines_sudo = self._get_reserved_lines().sudo()
        shelf, missing = self._get_shelf_ids(), self.missing_quantity
        before = {move: move.quantity for move in lines_sudo.move_id}
        with self.env["stock.quant"]._guard_stock(loose=True):
            lines_sudo._give_back(shelf, missing)
        lost = {
            move: quantity - move.quantity
            for move, quantity in before.items()
            if move.product_uom.compare(move.quantity, quantity) < 0
        }
        lines_sudo.exists()._tell_lost_reservation(
            lost, self.env._("it was promised twice")
        )

    def _get_reserved_lines(self):
        """Lines that hold pieces of the shelf, those that need them last at the end."""
        self.ensure_one()
        lines = self.env["stock.move.line"].search(
            [
                ("product_id", "=", self.product_id.id),
                ("location_id", "=", self.location_id.id),
                ("lot_id", "=", self.lot_id.id),
                ("package_id", "=", self.package_id.id),
                ("owner_id", "=", self.owner_id.id),
                ("state", "not in", ("draft", "done", "cancel")),
                ("picked", "=", False),
            ]
        )
        return lines.sorted(lambda line: (line.move_id.date, line.id))

    # ------------------------------------------------------------------
    # every night
    # ------------------------------------------------------------------
    @api.model
    def _cron_tell_stock_problems(self):
        """Activities on the parts that are below zero in guarded companies.

        One for each part and company, for whoever is responsible for the part, else
        for a manager. Those of parts that are all right again go away.
        """
        companies = self.env["res.company"].browse(
            sorted(self.env["res.company"]._get_stock_guarded_ids())
        )
        for company in companies:
            problems = self.search([("company_id", "=", company.id)])
            problems.with_company(company)._tell_of_company(company)

    def _tell_of_company(self, company):
        kind = self.env.ref("auto_service_warehouse.mail_activity_stock_problem")
        model = self.env["ir.model"]._get("product.product")
        activities = self.env["mail.activity"].search(
            [
                ("activity_type_id", "=", kind.id),
                ("res_model_id", "=", model.id),
                ("summary", "=", company.name),
            ]
        )
        old = {activity.res_id: activity for activity in activities}
        for product, problems in self.grouped("product_id").items():
            if not old.pop(product.id, None):
                problems._schedule_activity(kind, company)
        self.env["mail.activity"].union(*old.values()).unlink()

    def _schedule_activity(self, kind, company):
        product = self.product_id
        # A list to work through in the morning, not an e-mail for each part.
        product.with_context(mail_activity_quick_update=True).activity_schedule(
            activity_type_id=kind.id,
            summary=company.name,
            note=self.env._(
                "%(part)s is below zero or promised twice in %(places)s. Count it.",
                part=product.display_name,
                places=", ".join(self.location_id.mapped("display_name")),
            ),
            user_id=self._get_person_to_tell(company).id,
        )

    def _get_person_to_tell(self, company):
        """User who counts: responsible for the part, else the first manager."""
        responsible = self.product_id.responsible_id
        group = self.env.ref("auto_service_base.group_manager")
        managers = group.all_user_ids.filtered(
            lambda user: company in user.company_ids and user.active
        )
        return responsible or managers[:1] or self.env.user
