from odoo import api, fields, models
from odoo.tools import SQL

from .auto_service_buy_proposal import ID_STEP, OPEN_STATES

TERMS = [
    ("open", "Can be returned"),
    ("late", "Too late"),
    ("unknown", "Not bought here"),
]


class AutoServiceIdlePart(models.Model):
    """Parts to return: in stock, on no job, without a reorder rule."""

    _name = "auto.service.idle.part"
    _description = "Part to Return"
    _auto = False
    _order = "value desc, id"
    _rec_name = "product_id"
    _depends = {
        "product.product": ["active", "product_tmpl_id", "standard_price"],
        "product.template": ["is_storable", "categ_id"],
        "purchase.order": ["state", "partner_id", "date_approve"],
        "purchase.order.line": ["product_id", "qty_received", "price_unit"],
        "res.company": ["auto_service_idle_days", "auto_service_return_days"],
        "res.partner": ["auto_service_return_days"],
        "sale.order": ["warehouse_id", "state"],
        "sale.order.line": [
            *("order_id", "product_id", "work_order_id", "state", "kind"),
            *("product_uom_qty", "qty_delivered"),
        ],
        "auto.service.order": ["state"],
        "auto.service.supplier.return": ["state"],
        "auto.service.supplier.return.line": ["product_id", "quantity", "location_id"],
        "stock.location": ["usage", "warehouse_id"],
        "stock.move": [
            *("product_id", "location_id", "location_dest_id", "location_final_id"),
            *("state", "date", "is_inventory", "scrap_id"),
        ],
        "stock.quant": [
            *("product_id", "location_id", "quantity", "reserved_quantity"),
            "owner_id",
        ],
        "stock.warehouse": ["active", "company_id", "auto_service_defect_location_id"],
        "stock.warehouse.orderpoint": ["active", "product_id", "warehouse_id"],
    }

    product_id = fields.Many2one(
        "product.product", string="Part", readonly=True, help="What lies idle."
    )
    default_code = fields.Char(
        related="product_id.default_code", string="Number", help="Number of the part."
    )
    categ_id = fields.Many2one(
        "product.category", string="Category", readonly=True, help="Kind of part."
    )
    uom_id = fields.Many2one(
        related="product_id.uom_id", string="Unit", help="Unit of the quantities."
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse", readonly=True, help="Where it lies."
    )
    quantity_on_hand = fields.Float(
        string="On hand", digits="Product Unit", readonly=True, help="What lies there."
    )
    quantity = fields.Float(
        string="Free",
        digits="Product Unit",
        readonly=True,
        help="How many are reserved for nobody and on no return yet, in the unit of "
        "the product.",
    )
    value = fields.Monetary(
        readonly=True, help="What they cost, in the currency of the company."
    )
    company_id = fields.Many2one(
        "res.company", readonly=True, help="Company whose stock it is."
    )
    currency_id = fields.Many2one(
        related="company_id.currency_id", help="Currency of the company."
    )
    partner_id = fields.Many2one(
        "res.partner", string="Supplier", readonly=True, help="Who sold it last."
    )
    purchase_line_id = fields.Many2one(
        "purchase.order.line",
        string="Purchase line",
        readonly=True,
        help="Line of the last purchase order that brought it.",
    )
    purchase_id = fields.Many2one(
        "purchase.order",
        string="Bought on",
        readonly=True,
        help="Purchase order that brought it last.",
    )
    date_received = fields.Date(
        string="Last receipt", readonly=True, help="When pieces came last."
    )
    age_days = fields.Integer(
        string="Age (days)",
        readonly=True,
        aggregator="max",
        help="Days since pieces came last.",
    )
    date_limit = fields.Date(
        string="Return until",
        readonly=True,
        help="Last day on which the supplier takes it back.",
    )
    term = fields.Selection(
        TERMS,
        string="Return",
        readonly=True,
        help="Whether the supplier still takes it back, by his term.",
    )
    place = fields.Char(
        compute="_compute_place", string="Bins", help="Where exactly the pieces lie."
    )
    date_used = fields.Date(
        compute="_compute_date_used",
        string="Last used",
        help="When the last piece was taken, for a job or a sale.",
    )

    @api.depends("product_id", "warehouse_id")
    def _compute_place(self):
        quants = self.env["stock.quant"]._read_group(
            [
                ("product_id", "in", self.product_id.ids),
                ("location_id.warehouse_id", "in", self.warehouse_id.ids),
                ("location_id.usage", "=", "internal"),
                ("quantity", ">", 0),
            ],
            ["product_id", "location_id"],
        )
        places = {}
        for product, location in quants:
            key = product, location.warehouse_id
            places.setdefault(key, []).append(location.name)
        for row in self:
            names = places.get((row.product_id, row.warehouse_id), [])
            row.place = ", ".join(sorted(names))

    @api.depends("product_id", "warehouse_id")
    def _compute_date_used(self):
        dates = dict(
            ((product, warehouse), day)
            for product, warehouse, day in self._query_last_use()
        )
        for row in self:
            row.date_used = dates.get((row.product_id.id, row.warehouse_id.id), False)

    @property
    def _table_query(self):
        return SQL(
            """
            WITH %(shelf)s, %(used)s, %(wanted)s, %(drafted)s, %(stock)s
            %(select)s
            """,
            shelf=self._table_shelf(),
            used=self._table_used(),
            wanted=self._table_wanted(),
            drafted=self._table_drafted(),
            stock=self._table_stock(),
            select=self._table_select(),
        )

    def _table_shelf(self):
        """Own pieces that are reserved for nobody; goods of others are left out."""
        return SQL(
            """
            shelf AS (
                SELECT quant.product_id, place.warehouse_id, warehouse.company_id,
                       SUM(quant.quantity) AS on_hand,
                       SUM(quant.quantity - quant.reserved_quantity) AS free
                  FROM stock_quant quant
                  JOIN stock_location place ON place.id = quant.location_id
                  JOIN stock_warehouse warehouse ON warehouse.id = place.warehouse_id
                  JOIN res_company company ON company.id = warehouse.company_id
                 WHERE place.usage = 'internal'
                   AND warehouse.active
                   AND place.id IS DISTINCT FROM
                       warehouse.auto_service_defect_location_id
                   AND warehouse.company_id = ANY(%(companies)s)
                   AND (quant.owner_id IS NULL OR quant.owner_id = company.partner_id)
                 GROUP BY quant.product_id, place.warehouse_id, warehouse.company_id
                HAVING SUM(quant.quantity - quant.reserved_quantity) > 0
            )
            """,
            companies=self.env.companies.ids,
        )

    def _is_use(self):
        """Move ``move`` from ``source`` to ``target`` takes a part for good.

        Sales, jobs and what the workshop used up; not counts, scrap and returns.
        """
        return SQL(
            """
            move.state = 'done' AND source.warehouse_id IS NOT NULL
            AND (target.usage IN ('customer', 'production')
              OR (target.usage = 'inventory' AND move.scrap_id IS NULL
                  AND move.is_inventory IS NOT TRUE))
            """
        )

    def _table_used(self):
        return SQL(
            """
            used AS (
                SELECT DISTINCT move.product_id, source.warehouse_id
                  FROM stock_move move
                  JOIN stock_location source ON source.id = move.location_id
                  JOIN stock_location target ON target.id = move.location_dest_id
                  JOIN res_company company ON company.id = move.company_id
                 WHERE %(is_use)s
                   AND move.company_id = ANY(%(companies)s)
                   AND move.date >= CAST(%(now)s AS timestamp)
                       - company.auto_service_idle_days * INTERVAL '1 day'
            )
            """,
            is_use=self._is_use(),
            companies=self.env.companies.ids,
            now=fields.Datetime.now(),
        )

    def _table_wanted(self):
        """Parts of open visits, also of estimates, and of open deliveries."""
        return SQL(
            """
            wanted AS (
                SELECT line.product_id, sale.warehouse_id
                  FROM sale_order_line line
                  JOIN sale_order sale ON sale.id = line.order_id
                  JOIN auto_service_order visit ON visit.id = line.work_order_id
                 WHERE visit.state = 'open'
                   AND sale.state <> 'cancel'
                   AND line.kind = 'part'
                   AND line.company_id = ANY(%(companies)s)
                   AND line.product_uom_qty > COALESCE(line.qty_delivered, 0)
                 UNION
                SELECT move.product_id, source.warehouse_id
                  FROM stock_move move
                  JOIN stock_location source ON source.id = move.location_id
                  JOIN stock_location target ON target.id =
                       COALESCE(move.location_final_id, move.location_dest_id)
                 WHERE move.state = ANY(%(states)s)
                   AND move.company_id = ANY(%(companies)s)
                   AND source.warehouse_id IS NOT NULL
                   AND target.warehouse_id IS DISTINCT FROM source.warehouse_id
                   AND target.usage <> 'supplier'
            )
            """,
            companies=self.env.companies.ids,
            states=list(OPEN_STATES),
        )

    def _table_drafted(self):
        """What is on a return that is being written: it is offered once."""
        return SQL(
            """
            drafted AS (
                SELECT line.product_id, place.warehouse_id,
                       SUM(line.quantity) AS quantity
                  FROM auto_service_supplier_return_line line
                  JOIN auto_service_supplier_return back ON back.id = line.return_id
                  JOIN stock_location place ON place.id = line.location_id
             LEFT JOIN stock_warehouse warehouse ON warehouse.id = place.warehouse_id
                 WHERE back.state = 'draft' AND line.core_id IS NULL
                   AND place.id IS DISTINCT FROM
                       warehouse.auto_service_defect_location_id
                 GROUP BY line.product_id, place.warehouse_id
            )
            """
        )

    def _table_select(self):
        return SQL(
            """
            SELECT stock.product_id::bigint * %(step)s + stock.warehouse_id AS id,
                   stock.product_id, stock.warehouse_id, stock.company_id,
                   template.categ_id,
                   stock.on_hand AS quantity_on_hand,
                   stock.quantity,
                   stock.quantity * COALESCE(
                       (product.standard_price ->> stock.company_id::text)::float, 0)
                   AS value,
                   bought.partner_id, bought.line_id AS purchase_line_id,
                   bought.order_id AS purchase_id,
                   received.day AS date_received,
                   %(today)s::date - received.day AS age_days,
                   term.day AS date_limit,
                   CASE WHEN bought.line_id IS NULL THEN 'unknown'
                        WHEN %(can_return)s THEN 'open'
                        ELSE 'late' END AS term
              FROM stock
              JOIN res_company company ON company.id = stock.company_id
              JOIN product_product product ON product.id = stock.product_id
              JOIN product_template template
                ON template.id = product.product_tmpl_id AND template.is_storable
         LEFT JOIN LATERAL (%(bought)s) bought ON TRUE
         LEFT JOIN LATERAL (%(received)s) received ON TRUE
         LEFT JOIN res_partner supplier ON supplier.id = bought.partner_id
             CROSS JOIN LATERAL (
                SELECT CASE WHEN bought.line_id IS NOT NULL THEN received.day
                       + COALESCE(NULLIF(supplier.auto_service_return_days, 0),
                                  company.auto_service_return_days) END AS day
             ) term
            """,
            step=ID_STEP,
            today=fields.Date.context_today(self),
            can_return=self._can_return(),
            bought=self._table_bought(),
            received=self._table_received(),
        )

    def _table_stock(self):
        """What is free and wanted by nothing; added up, not joined, see low stock."""
        return SQL(
            """
            stock AS (
                SELECT piece.product_id, piece.warehouse_id, warehouse.company_id,
                       SUM(piece.on_hand) AS on_hand,
                       SUM(piece.free) AS quantity
                  FROM (
                    SELECT product_id, warehouse_id, on_hand, free, FALSE AS is_kept
                      FROM shelf
                     UNION ALL
                    SELECT product_id, warehouse_id, 0, -quantity, FALSE FROM drafted
                     UNION ALL
                    SELECT product_id, warehouse_id, 0, 0, TRUE FROM used
                     UNION ALL
                    SELECT product_id, warehouse_id, 0, 0, TRUE FROM wanted
                     UNION ALL
                    SELECT product_id, warehouse_id, 0, 0, TRUE
                      FROM stock_warehouse_orderpoint WHERE active
                  ) piece
                  JOIN stock_warehouse warehouse ON warehouse.id = piece.warehouse_id
                 GROUP BY piece.product_id, piece.warehouse_id, warehouse.company_id
                HAVING SUM(piece.free) > 0 AND NOT BOOL_OR(piece.is_kept)
            )
            """
        )

    def _can_return(self):
        """The supplier of ``bought`` takes the part back; extend in your addon."""
        return SQL("term.day >= %s", fields.Date.context_today(self))

    def _table_bought(self):
        """The last purchase that brought pieces."""
        return SQL(
            """
            SELECT line.id AS line_id, line.order_id, purchase.partner_id
              FROM purchase_order_line line
              JOIN purchase_order purchase ON purchase.id = line.order_id
             WHERE line.product_id = stock.product_id
               AND purchase.company_id = stock.company_id
               AND purchase.state = 'purchase'
               AND line.qty_received > 0
             ORDER BY purchase.date_approve DESC NULLS LAST, line.id DESC
             LIMIT 1
            """
        )

    def _table_received(self):
        """When pieces came from outside, from a supplier or by a count."""
        return SQL(
            """
            SELECT MAX(move.date)::date AS day
              FROM stock_move move
              JOIN stock_location source ON source.id = move.location_id
              JOIN stock_location target ON target.id = move.location_dest_id
             WHERE move.product_id = stock.product_id
               AND move.state = 'done'
               AND target.warehouse_id = stock.warehouse_id
               AND source.usage IN ('supplier', 'inventory', 'production')
            """
        )

    def _query_last_use(self):
        """Rows (product id, warehouse id, day) of the last use."""
        if not self:
            return []
        return self.env.execute_query(
            SQL(
                """
                SELECT move.product_id, source.warehouse_id, MAX(move.date)::date
                  FROM stock_move move
                  JOIN stock_location source ON source.id = move.location_id
                  JOIN stock_location target ON target.id = move.location_dest_id
                 WHERE move.product_id = ANY(%(products)s) AND %(is_use)s
                 GROUP BY move.product_id, source.warehouse_id
                """,
                products=self.product_id.ids,
                is_use=self._is_use(),
            )
        )
