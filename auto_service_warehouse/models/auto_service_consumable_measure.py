from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL


class AutoServiceConsumableMeasure(models.Model):
    """What the norm says beside what the counts found.

    Real use is what was drawn by the norm and what a count found missing; a count that
    found more than expected makes it smaller. Only the time between the beginning of
    the measuring and the last count is looked at: what was drawn since then was not
    counted yet.
    """

    _name = "auto.service.consumable.measure"
    _description = "Norm and Real Use of a Consumable"
    _auto = False
    _order = "product_id, company_id"
    _rec_name = "product_id"
    _depends = {
        "auto.service.consumable": ["product_id", "company_id", "measured_since"],
        "auto.service.consumable.use": ["quantity", "quantity_drawn", "is_undone"],
        "stock.move": ["is_inventory", "state", "date", "quantity"],
        "auto.service.stock.count": ["state", "done_at"],
        "auto.service.stock.count.line": ["product_id", "is_counted"],
    }

    product_id = fields.Many2one(
        "product.product", string="Consumable", readonly=True, help="What is used."
    )
    uom_id = fields.Many2one(
        related="product_id.uom_id", string="Unit", help="Unit of the product."
    )
    company_id = fields.Many2one("res.company", readonly=True, help="Who uses it.")
    measured_since = fields.Datetime(
        string="Since", readonly=True, help="Beginning of the comparison."
    )
    counted_at = fields.Datetime(
        string="Last count", readonly=True, help="End of the comparison."
    )
    jobs = fields.Integer(readonly=True, help="Jobs that used it.")
    quantity_norm = fields.Float(
        string="By the norm",
        digits="Product Unit",
        readonly=True,
        help="What the jobs should have used.",
    )
    quantity_drawn = fields.Float(
        string="Drawn",
        digits="Product Unit",
        readonly=True,
        help="What was taken off the shelf for jobs.",
    )
    quantity_lost = fields.Float(
        string="Missing at counts",
        digits="Product Unit",
        readonly=True,
        help="What counts found missing; below zero: what they found too much.",
    )
    quantity_real = fields.Float(
        string="Really used",
        digits="Product Unit",
        readonly=True,
        help="Drawn, and missing at counts.",
    )
    factor = fields.Float(
        string="Real to norm",
        readonly=True,
        aggregator="avg",
        help="1.2: a fifth more is used than the norm says.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT norm.product_id::bigint * 100000 + norm.company_id AS id,
                   norm.product_id, norm.company_id,
                   norm.since AS measured_since, counted.at AS counted_at,
                   used.jobs, used.norm AS quantity_norm, used.drawn AS quantity_drawn,
                   lost.quantity AS quantity_lost,
                   used.drawn + lost.quantity AS quantity_real,
                   CASE WHEN used.norm > 0
                        THEN (used.drawn + lost.quantity) / used.norm END AS factor
              FROM (%(norm)s) AS norm
              LEFT JOIN LATERAL (%(counted)s) AS counted ON TRUE
              LEFT JOIN LATERAL (%(used)s) AS used ON TRUE
              LEFT JOIN LATERAL (%(lost)s) AS lost ON TRUE
            """,
            norm=self._get_norm_sql(),
            counted=self._get_counted_sql(),
            used=self._get_used_sql(),
            lost=self._get_lost_sql(),
        )

    def _get_norm_sql(self):
        """Consumables with a norm, and since when they are measured."""
        return SQL(
            """
            SELECT consumable.product_id, company.id AS company_id,
                   MAX(consumable.measured_since) AS since
              FROM auto_service_consumable AS consumable
              LEFT JOIN res_company AS owner ON owner.id = consumable.company_id
              JOIN res_company AS company
                ON owner.id IS NULL
                OR company.parent_path LIKE owner.parent_path || '%%'
             WHERE consumable.active
             GROUP BY consumable.product_id, company.id
            """
        )

    def _get_counted_sql(self):
        """Last count: by the host's inventory, or by scanning without a difference."""
        return SQL(
            """
            SELECT MAX(at) AS at FROM (
                SELECT MAX(move.date) AS at FROM stock_move AS move
                 WHERE move.product_id = norm.product_id AND move.is_inventory
                   AND move.company_id = norm.company_id AND move.state = 'done'
                UNION ALL
                SELECT MAX(counting.done_at)
                  FROM auto_service_stock_count_line AS line
                  JOIN auto_service_stock_count AS counting
                    ON counting.id = line.count_id
                 WHERE line.product_id = norm.product_id AND line.is_counted
                   AND counting.company_id = norm.company_id
                   AND counting.state = 'done'
            ) AS counts WHERE at > norm.since
            """
        )

    def _get_used_sql(self):
        return SQL(
            """
            SELECT COUNT(DISTINCT use.job_id) AS jobs,
                   COALESCE(SUM(use.quantity), 0) AS norm,
                   COALESCE(SUM(use.quantity_drawn), 0) AS drawn
              FROM auto_service_consumable_use AS use
             WHERE use.product_id = norm.product_id AND NOT COALESCE(is_undone, FALSE)
               AND use.company_id = norm.company_id
               AND use.date > norm.since AND use.date <= counted.at
            """
        )

    def _get_lost_sql(self):
        return SQL(
            """
            SELECT COALESCE(SUM(
                       CASE WHEN source.usage = 'internal' THEN move.quantity
                            ELSE -move.quantity END), 0) AS quantity
              FROM stock_move AS move
              JOIN stock_location AS source ON source.id = move.location_id
             WHERE move.product_id = norm.product_id AND move.is_inventory
               AND move.company_id = norm.company_id AND move.state = 'done'
               AND move.date > norm.since AND move.date <= counted.at
            """
        )

    def action_take_real(self):
        """Make the real use the norm, and measure on from the last count."""
        self._ensure_measured()
        for row in self:
            for norm in row._get_norms():
                norm.quantity = norm.quantity * row.factor
            row._get_norms().measured_since = row.counted_at

    def action_restart(self):
        """Leave the norm as it is, and measure on from the last count."""
        uncounted = self.filtered(lambda row: not row.counted_at)
        if uncounted:
            raise UserError(uncounted._get_uncounted_sentence())
        for row in self:
            row._get_norms().measured_since = row.counted_at

    def _ensure_measured(self):
        uncounted = self.filtered(lambda row: not row.counted_at)
        if uncounted:
            raise UserError(uncounted._get_uncounted_sentence())
        senseless = self.filtered(lambda row: row.factor <= 0)
        if senseless:
            raise UserError(
                self.env._(
                    "What the counts say about %(products)s makes no norm: no job used "
                    "it, or more was found than there can be. Check the counts, or "
                    "measure on from the last one.",
                    products=", ".join(senseless.product_id.mapped("display_name")),
                )
            )

    def _get_uncounted_sentence(self):
        return self.env._(
            "%(products)s was not counted since the measuring began. Count it first.",
            products=", ".join(self.product_id.mapped("display_name")),
        )

    def _get_norms(self):
        """Norms that the row is about.

        :return: auto.service.consumable records
        """
        self.ensure_one()
        companies = (self.company_id | self.company_id.parent_ids).ids
        domain = Domain("product_id", "=", self.product_id.id)
        domain &= Domain("company_id", "in", [False, *companies])
        return self.env["auto.service.consumable"].search(domain)
