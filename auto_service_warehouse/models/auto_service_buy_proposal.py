from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

#: Days whose use is looked at.
USE_DAYS = 90

#: The id of a row tells part and warehouse.
ID_STEP = 65536

OPEN_STATES = ("waiting", "confirmed", "partially_available", "assigned")

REASONS = [
    ("job", "For jobs"),
    ("demand", "For deliveries"),
    ("rule", "Below minimum"),
    ("suggest", "Sold often"),
    ("enough", "Enough"),
]


class AutoServiceBuyProposal(models.Model):
    """What is short, part by part and warehouse by warehouse, and what to buy."""

    _name = "auto.service.buy.proposal"
    _description = "Low Stock"
    _auto = False
    _order = "reason_rank, quantity_to_order desc, id"
    _rec_name = "product_id"
    _depends = {
        "product.product": ["active", "product_tmpl_id"],
        "product.template": ["is_storable", "categ_id"],
        "product.supplierinfo": [
            *("product_tmpl_id", "product_id", "partner_id", "company_id"),
            *("sequence", "min_qty", "price", "date_start", "date_end"),
        ],
        "purchase.order": ["state", "picking_type_id", "partner_id", "date_approve"],
        "purchase.order.line": ["product_id", "product_qty", "price_unit", "discount"],
        "sale.order.line": ["job_id"],
        "stock.location": ["usage", "warehouse_id"],
        "stock.move": [
            *("product_id", "location_id", "location_dest_id", "location_final_id"),
            *("state", "product_qty", "date", "sale_line_id"),
        ],
        "stock.quant": ["product_id", "location_id", "quantity", "reserved_quantity"],
        "stock.warehouse": ["active", "company_id", "auto_service_defect_location_id"],
        "stock.warehouse.orderpoint": [
            *("active", "product_id", "warehouse_id", "supplier_id"),
            *("product_min_qty", "product_max_qty", "snoozed_until"),
        ],
    }

    product_id = fields.Many2one(
        "product.product", string="Part", readonly=True, help="What is short."
    )
    default_code = fields.Char(
        related="product_id.default_code", string="Number", help="Number of the part."
    )
    categ_id = fields.Many2one(
        "product.category", string="Category", readonly=True, help="Kind of part."
    )
    uom_id = fields.Many2one(
        related="product_id.uom_id", string="Unit", help="Unit of all quantities."
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse", readonly=True, help="Where it is short."
    )
    company_id = fields.Many2one(
        "res.company", readonly=True, help="Company that the warehouse is of."
    )
    currency_id = fields.Many2one(
        related="company_id.currency_id", help="Currency of the company."
    )
    orderpoint_id = fields.Many2one(
        "stock.warehouse.orderpoint",
        string="Reorder rule",
        readonly=True,
        help="Rule with the least and the most that should lie here.",
    )
    reason = fields.Selection(
        REASONS, string="Why", readonly=True, help="Why it is on the list."
    )
    reason_rank = fields.Integer(
        readonly=True,
        export_string_translation=False,
        help="What is most urgent comes first.",
    )
    quantity_on_hand = fields.Float(
        string="On hand",
        digits="Product Unit",
        readonly=True,
        help="What lies in the warehouse, whoever it is reserved for; defective parts "
        "are left out.",
    )
    quantity_free = fields.Float(
        string="Free",
        digits="Product Unit",
        readonly=True,
        help="What lies in the warehouse and is reserved for nobody.",
    )
    quantity_wanted = fields.Float(
        string="Wanted",
        digits="Product Unit",
        readonly=True,
        help="What approved jobs and deliveries still take out of the warehouse.",
    )
    quantity_coming = fields.Float(
        string="On order",
        digits="Product Unit",
        readonly=True,
        help="What purchase orders, also those that are not confirmed yet, and "
        "transfers still bring.",
    )
    quantity_min = fields.Float(
        string="Min",
        digits="Product Unit",
        readonly=True,
        help="The rule orders when less than this would be left.",
    )
    quantity_max = fields.Float(
        string="Max", digits="Product Unit", readonly=True, help="The rule fills up to."
    )
    quantity_sold = fields.Float(
        string="Sold, 90 days",
        digits="Product Unit",
        readonly=True,
        help="Issued to jobs and delivered, less what came back, in the last 90 days.",
    )
    sold_times = fields.Integer(
        readonly=True, help="How many times it was taken out in the last 90 days."
    )
    quantity_to_order = fields.Float(
        string="To order",
        digits="Product Unit",
        readonly=True,
        help="Up to the maximum of the rule, or what is wanted and not here and not on "
        "its way.",
    )
    job_count = fields.Integer(
        string="Jobs", readonly=True, help="How many open jobs take it."
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Supplier",
        readonly=True,
        help="Supplier of the rule, else the first one of the product, else the last "
        "one that it was bought from.",
    )
    price_last = fields.Float(
        string="Last price",
        digits="Product Price",
        readonly=True,
        help="What one was bought for the last time, in the currency of the company.",
    )
    snoozed_until = fields.Date(
        readonly=True, help="The rule is left alone until this day."
    )
    job_text = fields.Char(
        compute="_compute_job_text",
        string="For",
        help="Visits whose jobs take it, and their licence plates.",
    )

    def _compute_job_text(self):
        texts = self._query_job_texts()
        for row in self:
            row.job_text = texts.get((row.product_id.id, row.warehouse_id.id), False)

    @property
    def _table_query(self):
        """One statement; only parts that may be short are looked at closely.

        What is known of a part is put below each other and added up, not joined: joins
        of sums make the database guess, and it guesses badly.
        """
        return SQL(
            """
            WITH %(rule)s, %(demand)s, %(supply)s, %(asked)s, %(sold)s, %(piece)s,
                 %(candidate)s, %(figure)s
            %(select)s
            """,
            rule=self._table_rule(),
            demand=self._table_demand(),
            supply=self._table_supply(),
            asked=self._table_asked(),
            sold=self._table_sold(),
            piece=self._table_piece(),
            candidate=self._table_candidate(),
            figure=self._table_figure(),
            select=self._table_select(),
        )

    def _table_piece(self):
        """All that is known of a part in a warehouse, one kind of it a row."""
        return SQL(
            """
            piece AS (
                SELECT product_id, warehouse_id, 'rule' AS kind,
                       quantity_min AS quantity, quantity_max AS other,
                       orderpoint_id::bigint AS number, supplier_id, snoozed_until
                  FROM rule
                 UNION ALL
                SELECT product_id, warehouse_id, 'wanted', quantity, 0, job_count,
                       NULL, NULL
                  FROM demand
                 UNION ALL
                SELECT product_id, warehouse_id, 'coming', quantity, 0, 0, NULL, NULL
                  FROM supply
                 UNION ALL
                SELECT product_id, warehouse_id, 'coming', quantity, 0, 0, NULL, NULL
                  FROM asked
                 UNION ALL
                SELECT product_id, warehouse_id, 'sold', quantity, suggested_from,
                       times, NULL, NULL
                  FROM sold
            )
            """
        )

    def _table_candidate(self):
        """Parts with a rule, parts that somebody waits for, parts that sell often."""
        return SQL(
            """
            candidate AS (
                SELECT product_id, warehouse_id,
                       MIN(number) FILTER (WHERE kind = 'rule') AS orderpoint_id,
                       SUM(quantity) FILTER (WHERE kind = 'rule') AS quantity_min,
                       SUM(other) FILTER (WHERE kind = 'rule') AS quantity_max,
                       MIN(supplier_id) AS supplier_id,
                       MIN(snoozed_until) AS snoozed_until,
                       COALESCE(SUM(quantity) FILTER (WHERE kind = 'wanted'), 0)
                       AS wanted,
                       COALESCE(MIN(number) FILTER (WHERE kind = 'wanted'), 0)
                       AS job_count,
                       COALESCE(SUM(quantity) FILTER (WHERE kind = 'coming'), 0)
                       AS coming,
                       COALESCE(SUM(quantity) FILTER (WHERE kind = 'sold'), 0) AS sold,
                       COALESCE(MIN(number) FILTER (WHERE kind = 'sold'), 0)
                       AS sold_times,
                       MIN(other) FILTER (WHERE kind = 'sold') AS suggested_from
                  FROM piece
                 GROUP BY product_id, warehouse_id
                HAVING BOOL_OR(kind IN ('rule', 'wanted')
                               OR (kind = 'sold' AND number >= other))
            )
            """
        )

    def _table_rule(self):
        return SQL(
            """
            rule AS (
                SELECT product_id, warehouse_id, MIN(id) AS orderpoint_id,
                       SUM(product_min_qty) AS quantity_min,
                       SUM(GREATEST(product_max_qty, product_min_qty)) AS quantity_max,
                       MIN(supplier_id) AS supplier_id,
                       MIN(snoozed_until) AS snoozed_until
                  FROM stock_warehouse_orderpoint
                 WHERE active AND company_id = ANY(%s)
                 GROUP BY product_id, warehouse_id
            )
            """,
            self.env.companies.ids,
        )

    def _table_demand(self):
        """Open moves out of a warehouse, for jobs and for others."""
        return SQL(
            """
            demand AS (
                SELECT move.product_id, source.warehouse_id,
                       SUM(move.product_qty) AS quantity,
                       COUNT(DISTINCT line.job_id) AS job_count
                  FROM stock_move move
                  JOIN stock_location source ON source.id = move.location_id
                  JOIN stock_location target ON target.id =
                       COALESCE(move.location_final_id, move.location_dest_id)
             LEFT JOIN sale_order_line line ON line.id = move.sale_line_id
                 WHERE move.state = ANY(%(states)s)
                   AND move.company_id = ANY(%(companies)s)
                   AND source.warehouse_id IS NOT NULL
                   AND target.warehouse_id IS DISTINCT FROM source.warehouse_id
                 GROUP BY move.product_id, source.warehouse_id
            )
            """,
            states=list(OPEN_STATES),
            companies=self.env.companies.ids,
        )

    def _table_supply(self):
        """Open moves into a warehouse."""
        return SQL(
            """
            supply AS (
                SELECT move.product_id, target.warehouse_id,
                       SUM(move.product_qty) AS quantity
                  FROM stock_move move
                  JOIN stock_location source ON source.id = move.location_id
                  JOIN stock_location target ON target.id =
                       COALESCE(move.location_final_id, move.location_dest_id)
                 WHERE move.state = ANY(%(states)s)
                   AND move.company_id = ANY(%(companies)s)
                   AND target.warehouse_id IS NOT NULL
                   AND target.warehouse_id IS DISTINCT FROM source.warehouse_id
                 GROUP BY move.product_id, target.warehouse_id
            )
            """,
            states=list(OPEN_STATES),
            companies=self.env.companies.ids,
        )

    def _table_asked(self):
        """Purchase orders that are not confirmed yet have no moves."""
        return SQL(
            """
            asked AS (
                SELECT line.product_id, kind.warehouse_id,
                       SUM(line.product_uom_qty) AS quantity
                  FROM purchase_order purchase
                  JOIN purchase_order_line line ON line.order_id = purchase.id
                  JOIN stock_picking_type kind ON kind.id = purchase.picking_type_id
                 WHERE purchase.state IN ('draft', 'sent', 'to approve')
                   AND purchase.company_id = ANY(%(companies)s)
                   AND kind.code = 'incoming'
                   AND line.product_id IS NOT NULL
                 GROUP BY line.product_id, kind.warehouse_id
            )
            """,
            companies=self.env.companies.ids,
        )

    def _table_sold(self):
        """What customers got in the last days, less what they brought back."""
        return SQL(
            """
            sold AS (
                SELECT move.product_id,
                       COALESCE(source.warehouse_id, target.warehouse_id)
                       AS warehouse_id,
                       SUM(CASE WHEN target.usage = 'customer' THEN move.product_qty
                                ELSE -move.product_qty END) AS quantity,
                       COUNT(*) FILTER (WHERE target.usage = 'customer') AS times,
                       CASE WHEN MIN(company.auto_service_buy_sold_times) > 0
                            THEN MIN(company.auto_service_buy_sold_times)
                       END AS suggested_from
                  FROM stock_move move
                  JOIN stock_location source ON source.id = move.location_id
                  JOIN stock_location target ON target.id = move.location_dest_id
                  JOIN res_company company ON company.id = move.company_id
                 WHERE move.state = 'done'
                   AND move.date >= %(since)s
                   AND move.company_id = ANY(%(companies)s)
                   AND ((target.usage = 'customer' AND source.warehouse_id IS NOT NULL)
                     OR (source.usage = 'customer' AND target.warehouse_id IS NOT NULL))
                 GROUP BY 1, 2
            )
            """,
            since=fields.Datetime.now() - timedelta(days=USE_DAYS),
            companies=self.env.companies.ids,
        )

    def _table_figure(self):
        """The figures of one part in one warehouse."""
        return SQL(
            """
            figure AS (
                SELECT candidate.*,
                       warehouse.company_id, template.categ_id,
                       template.id AS template_id,
                       COALESCE(stock.quantity, 0) AS on_hand,
                       COALESCE(stock.quantity - stock.reserved, 0) AS free,
                       COALESCE(stock.quantity, 0) - wanted + coming AS forecast
                  FROM candidate
                  JOIN stock_warehouse warehouse
                    ON warehouse.id = candidate.warehouse_id
                   AND warehouse.active AND warehouse.company_id = ANY(%(companies)s)
                  JOIN product_product product
                    ON product.id = candidate.product_id AND product.active
                  JOIN product_template template
                    ON template.id = product.product_tmpl_id AND template.is_storable
             LEFT JOIN LATERAL (
                SELECT SUM(quant.quantity) AS quantity,
                       SUM(quant.reserved_quantity) AS reserved
                  FROM stock_quant quant
                  JOIN stock_location place ON place.id = quant.location_id
                 WHERE quant.product_id = candidate.product_id
                   AND place.warehouse_id = candidate.warehouse_id
                   AND place.usage = 'internal'
                   AND place.id IS DISTINCT FROM
                       warehouse.auto_service_defect_location_id
             ) stock ON TRUE
            )
            """,
            companies=self.env.companies.ids,
        )

    def _table_select(self):
        return SQL(
            """
            SELECT figure.product_id::bigint * %(step)s + figure.warehouse_id AS id,
                   figure.product_id, figure.warehouse_id, figure.company_id,
                   figure.categ_id, figure.orderpoint_id, figure.snoozed_until,
                   figure.on_hand AS quantity_on_hand,
                   figure.free AS quantity_free,
                   figure.wanted AS quantity_wanted,
                   figure.coming AS quantity_coming,
                   COALESCE(figure.quantity_min, 0) AS quantity_min,
                   COALESCE(figure.quantity_max, 0) AS quantity_max,
                   figure.sold AS quantity_sold,
                   figure.sold_times, figure.job_count,
                   need.quantity AS quantity_to_order,
                   need.reason,
                   ARRAY_POSITION(%(reasons)s, need.reason) AS reason_rank,
                   COALESCE(chosen.partner_id, seller.partner_id, bought.partner_id)
                   AS partner_id,
                   bought.price AS price_last
              FROM figure
             CROSS JOIN LATERAL (
                SELECT CASE WHEN forecast < COALESCE(quantity_min, 0)
                            THEN COALESCE(quantity_max, 0) - forecast
                            ELSE 0 END AS quantity,
                       CASE WHEN forecast < 0 AND job_count > 0 THEN 'job'
                            WHEN forecast < 0 THEN 'demand'
                            WHEN forecast < quantity_min THEN 'rule'
                            WHEN orderpoint_id IS NULL AND forecast <= 0
                             AND sold_times >= suggested_from THEN 'suggest'
                            ELSE 'enough' END AS reason
             ) need
         LEFT JOIN product_supplierinfo chosen ON chosen.id = figure.supplier_id
         LEFT JOIN LATERAL (%(seller)s) seller ON TRUE
         LEFT JOIN LATERAL (%(bought)s) bought ON TRUE
            """,
            step=ID_STEP,
            reasons=[reason for reason, _text in REASONS],
            seller=self._table_seller(),
            bought=self._table_bought(),
        )

    def _table_seller(self):
        """Supplier that the host would choose first."""
        return SQL(
            """
            SELECT info.partner_id
              FROM product_supplierinfo info
             WHERE info.product_tmpl_id = figure.template_id
               AND (info.product_id IS NULL OR info.product_id = figure.product_id)
               AND (info.company_id IS NULL OR info.company_id = figure.company_id)
               AND (info.date_start IS NULL OR info.date_start <= %(today)s)
               AND (info.date_end IS NULL OR info.date_end >= %(today)s)
             ORDER BY info.sequence, info.min_qty DESC, info.price, info.id
             LIMIT 1
            """,
            today=fields.Date.context_today(self),
        )

    def _table_bought(self):
        """The last confirmed purchase; its price is of one product unit."""
        return SQL(
            """
            SELECT purchase.partner_id,
                   line.price_unit * (1 - COALESCE(line.discount, 0) / 100)
                   * line.product_qty / NULLIF(line.product_uom_qty, 0)
                   / COALESCE(NULLIF(purchase.currency_rate, 0), 1) AS price
              FROM purchase_order_line line
              JOIN purchase_order purchase ON purchase.id = line.order_id
             WHERE line.product_id = figure.product_id
               AND purchase.company_id = figure.company_id
               AND purchase.state = 'purchase'
             ORDER BY purchase.date_approve DESC NULLS LAST, line.id DESC
             LIMIT 1
            """
        )

    def _query_job_texts(self):
        """Visits that wait for the parts of the rows.

        :return: dict (product id, warehouse id) -> text
        """
        if not self:
            return {}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT move.product_id, source.warehouse_id,
                       STRING_AGG(DISTINCT CONCAT_WS(
                           ' ', visit.name, vehicle.license_plate), ', ')
                  FROM stock_move move
                  JOIN stock_location source ON source.id = move.location_id
                  JOIN sale_order_line line ON line.id = move.sale_line_id
                  JOIN auto_service_order visit ON visit.id = line.work_order_id
             LEFT JOIN fleet_vehicle vehicle ON vehicle.id = visit.vehicle_id
                 WHERE move.product_id = ANY(%(products)s)
                   AND move.state = ANY(%(states)s)
                   AND source.warehouse_id = ANY(%(warehouses)s)
                 GROUP BY move.product_id, source.warehouse_id
                """,
                products=self.product_id.ids,
                states=list(OPEN_STATES),
                warehouses=self.warehouse_id.ids,
            )
        )
        return {(product, warehouse): text for product, warehouse, text in rows}
