from odoo import api, models
from odoo.tools import SQL

#: Rows of a kind that one screen shows.
LAST = 10
MAX_ROWS = 300
#: "Lately" is looked for among so many of the newest rows.
NEWEST = 500


class AutoServicePartBalance(models.AbstractModel):
    """The statements of the balance: each one by an index on the product."""

    _inherit = "auto.service.part.balance"

    @api.model
    def _get_name_sql(self, model, alias, field_name="name"):
        """A field as the user reads it: in his language, of his company."""
        # Everybody may read the names; costs are taken out of the answer later.
        return self.env[model].sudo()._field_to_sql(alias, field_name)

    @api.model
    def _select_product(self, product_id):
        return SQL(
            """
            SELECT p.id, p.product_tmpl_id AS template_id, p.default_code AS code,
                   p.barcode, %(name)s AS name, p.active, t.is_storable, t.tracking,
                   u.id AS unit_id, %(unit)s AS unit,
                   (SELECT string_agg(%(value)s, ', ' ORDER BY l.sequence, l.id)
                      FROM product_variant_combination c
                      JOIN product_template_attribute_value v
                        ON v.id = c.product_template_attribute_value_id
                      JOIN product_template_attribute_line l
                        ON l.id = v.attribute_line_id AND l.value_count > 1
                      JOIN product_attribute_value a
                        ON a.id = v.product_attribute_value_id
                     WHERE c.product_product_id = p.id) AS variant,
                   (t.list_price + COALESCE(
                       (SELECT sum(v.price_extra) FROM product_variant_combination c
                          JOIN product_template_attribute_value v
                            ON v.id = c.product_template_attribute_value_id
                         WHERE c.product_product_id = p.id), 0))::float8 AS price,
                   (%(cost)s)::float8 AS cost
              FROM product_product p
              JOIN product_template t ON t.id = p.product_tmpl_id
              JOIN uom_uom u ON u.id = t.uom_id
             WHERE p.id = %(product)s AND %(company)s
            """,
            name=self._get_name_sql("product.template", "t"),
            unit=self._get_name_sql("uom.uom", "u"),
            value=self._get_name_sql("product.attribute.value", "a"),
            cost=self._get_name_sql("product.product", "p", "standard_price"),
            product=product_id,
            company=self._get_company_clause("t.company_id"),
        )

    @api.model
    def _select_last_counted(self, product_id):
        """Counts that found a difference, and those that found none."""
        return SQL(
            """
            SELECT max(date) AS date FROM (
                (SELECT date FROM stock_move
                  WHERE product_id = %(product)s AND state = 'done' AND is_inventory
                    AND company_id IN %(companies)s
                  ORDER BY date DESC LIMIT 1)
                UNION ALL
                SELECT max(c.done_at)
                  FROM auto_service_stock_count_line l
                  JOIN auto_service_stock_count c ON c.id = l.count_id
                 WHERE l.product_id = %(product)s AND l.is_counted
                   AND c.state = 'done' AND c.company_id IN %(companies)s
            ) AS counted
            """,
            product=product_id,
            companies=tuple(self.env.companies.ids),
        )

    @api.model
    def _select_bins(self, product_id):
        """Every place with the part; places within the stock by their own names."""
        return SQL(
            """
            SELECT w.id AS warehouse_id, %(warehouse)s AS warehouse,
                   l.id AS location_id, %(place)s AS place,
                   q.lot_id, o.name AS lot, k.name AS package, r.name AS owner,
                   sum(q.quantity)::float8 AS on_hand,
                   sum(q.reserved_quantity)::float8 AS reserved,
                   min(q.in_date) AS since
              FROM stock_quant q
              JOIN stock_location l ON l.id = q.location_id
               AND l.usage IN ('internal', 'transit')
              LEFT JOIN stock_warehouse w ON w.id = l.warehouse_id
               AND l.usage = 'internal'
              LEFT JOIN stock_location s ON s.id = w.lot_stock_id
              LEFT JOIN stock_lot o ON o.id = q.lot_id
              LEFT JOIN stock_package k ON k.id = q.package_id
              LEFT JOIN res_partner r ON r.id = q.owner_id
             WHERE q.product_id = %(product)s AND %(company)s
               AND (l.usage = 'internal' OR l.company_id IS NOT NULL)
             GROUP BY w.id, w.sequence, l.id, s.id, q.lot_id, o.name, k.name, r.name
            HAVING sum(q.quantity) <> 0 OR sum(q.reserved_quantity) <> 0
             ORDER BY w.sequence NULLS LAST, w.id, l.complete_name, o.name, k.name
             LIMIT %(limit)s
            """,
            warehouse=self._get_name_sql("stock.warehouse", "w"),
            place=self._get_place_sql("l", "s"),
            product=product_id,
            company=self._get_company_clause("l.company_id"),
            limit=MAX_ROWS,
        )

    @api.model
    def _get_place_sql(self, location, stock):
        """Name of a place; within the stock of a warehouse without the way there."""
        return SQL(
            """CASE WHEN starts_with(%(name)s, %(stock)s || '/')
                    THEN substr(%(name)s, length(%(stock)s) + 2)
                    ELSE %(name)s END""",
            name=SQL.identifier(location, "complete_name"),
            stock=SQL.identifier(stock, "complete_name"),
        )

    @api.model
    def _select_open_moves(self, product_id):
        """Planned moves, for whom they are, and what they wait for."""
        return SQL(
            """
            SELECT m.id, m.state, m.date, m.reference, m.picking_id, m.origin,
                   m.purchase_line_id, m.product_qty::float8 AS quantity,
                   CASE WHEN m.state IN ('assigned', 'partially_available')
                        THEN (m.quantity * mu.factor / pu.factor)::float8
                        ELSE 0 END AS reserved,
                   CASE WHEN a.usage <> 'internal' THEN 'in'
                        WHEN COALESCE(z.usage, b.usage) <> 'internal' THEN 'out'
                        ELSE 'inside' END AS kind,
                   a.warehouse_id, b.warehouse_id AS to_warehouse_id,
                   a.complete_name AS place, b.complete_name AS to_place,
                   bins.places, feed.is_fed, feed.date AS fed_at,
                   feed.purchase AS fed_by,
                   (m.sale_line_id IS NOT NULL) AS is_sale, %(whom)s
              FROM stock_move m
              JOIN stock_location a ON a.id = m.location_id
              JOIN stock_location b ON b.id = m.location_dest_id
              LEFT JOIN stock_location z ON z.id = m.location_final_id
              JOIN uom_uom mu ON mu.id = m.product_uom
              JOIN product_product p ON p.id = m.product_id
              JOIN product_template t ON t.id = p.product_tmpl_id
              JOIN uom_uom pu ON pu.id = t.uom_id
              LEFT JOIN stock_picking k ON k.id = m.picking_id
              LEFT JOIN sale_order_line s ON s.id = m.sale_line_id
              %(whom_joins)s
              LEFT JOIN LATERAL (%(bins)s) AS bins ON TRUE
              LEFT JOIN LATERAL (%(feed)s) AS feed ON TRUE
             WHERE m.product_id = %(product)s AND m.company_id IN %(companies)s
               AND m.state IN ('waiting', 'confirmed', 'partially_available',
                               'assigned')
               AND (a.usage = 'internal' OR b.usage = 'internal')
             ORDER BY m.date, m.id
             LIMIT %(limit)s
            """,
            whom=self._get_whom_columns(),
            whom_joins=self._get_whom_joins(
                SQL("COALESCE(o.partner_id, k.partner_id)")
            ),
            bins=self._select_reserved_places(),
            feed=self._select_feed(),
            product=product_id,
            companies=tuple(self.env.companies.ids),
            limit=MAX_ROWS,
        )

    @api.model
    def _get_whom_columns(self):
        """For whom a piece is: the visit, the plate, the job, the customer."""
        return SQL(
            """s.id AS sale_line_id, o.id AS sale_order_id, o.name AS sale_order,
               s.job_id, j.name AS job, s.work_order_id, v.name AS work_order,
               v.license_plate AS plate, r.name AS partner"""
        )

    @api.model
    def _get_whom_joins(self, partner):
        """Joins of the columns; ``s`` is the line of the estimate."""
        return SQL(
            """LEFT JOIN sale_order o ON o.id = s.order_id
               LEFT JOIN auto_service_job j ON j.id = s.job_id
               LEFT JOIN auto_service_order v ON v.id = s.work_order_id
               LEFT JOIN res_partner r ON r.id = %s""",
            partner,
        )

    @api.model
    def _select_reserved_places(self):
        """Where the reserved pieces of a move lie."""
        return SQL(
            """SELECT string_agg(DISTINCT %s, ', ') AS places
                 FROM stock_move_line e
                 JOIN stock_location l ON l.id = e.location_id
                 LEFT JOIN stock_warehouse w ON w.id = l.warehouse_id
                 LEFT JOIN stock_location c ON c.id = w.lot_stock_id
                WHERE e.move_id = m.id AND e.quantity > 0""",
            self._get_place_sql("l", "c"),
        )

    @api.model
    def _select_feed(self):
        """What brings the pieces of a move: a purchase, or the step before it."""
        return SQL(
            """SELECT COALESCE(bool_or(fa.usage = 'internal'), FALSE) AS is_fed,
                      max(f.date) AS date,
                      string_agg(DISTINCT fo.name, ', ') AS purchase
                 FROM stock_move_move_rel x
                 JOIN stock_move f ON f.id = x.move_orig_id
                  AND f.state NOT IN ('done', 'cancel')
                 JOIN stock_location fa ON fa.id = f.location_id
                 LEFT JOIN purchase_order_line fl ON fl.id = f.purchase_line_id
                 LEFT JOIN purchase_order fo ON fo.id = fl.order_id
                WHERE x.move_dest_id = m.id"""
        )

    @api.model
    def _select_orders(self, product_id):
        """Purchases that have not come; questions to suppliers, too."""
        return SQL(
            """
            SELECT n.id, q.id AS purchase_id, q.name AS purchase, q.state,
                   y.name AS supplier, n.date_planned AS date,
                   ((n.product_qty - n.qty_received) * nu.factor / pu.factor)::float8
                   AS quantity,
                   (n.price_unit * (1 - COALESCE(n.discount, 0) / 100.0)
                    * pu.factor / nu.factor)::float8 AS price, q.currency_id, %(whom)s
              FROM purchase_order_line n
              JOIN purchase_order q ON q.id = n.order_id
               AND q.state IN ('draft', 'sent', 'to approve', 'purchase')
              JOIN res_partner y ON y.id = q.partner_id
              JOIN uom_uom nu ON nu.id = n.product_uom_id
              JOIN product_product p ON p.id = n.product_id
              JOIN product_template t ON t.id = p.product_tmpl_id
              JOIN uom_uom pu ON pu.id = t.uom_id
              LEFT JOIN sale_order_line s ON s.id = COALESCE(n.sale_line_id,
                   (SELECT max(m.sale_line_id)
                      FROM stock_move_created_purchase_line_rel x
                      JOIN stock_move m ON m.id = x.move_id
                     WHERE x.created_purchase_line_id = n.id))
              %(whom_joins)s
             WHERE n.product_id = %(product)s AND n.company_id IN %(companies)s
               AND n.product_qty > n.qty_received
             ORDER BY n.date_planned, n.id
             LIMIT %(limit)s
            """,
            whom=self._get_whom_columns(),
            whom_joins=self._get_whom_joins(SQL.identifier("o", "partner_id")),
            product=product_id,
            companies=tuple(self.env.companies.ids),
            limit=MAX_ROWS,
        )

    @api.model
    def _select_sold(self, product_id):
        """Deliveries of estimates among the newest moves; returns are negative."""
        return SQL(
            """
            SELECT m.id, m.date, m.reference, o.currency_id, %(whom)s,
                   (CASE WHEN m.is_back THEN -1 ELSE 1 END
                    * m.quantity * mu.factor / pu.factor)::float8 AS quantity,
                   (s.price_unit * (1 - COALESCE(s.discount, 0) / 100.0)
                    * pu.factor / su.factor)::float8 AS price
              FROM (SELECT m.*, a.usage = 'customer' AS is_back
                      FROM (SELECT * FROM stock_move
                             WHERE product_id = %(product)s AND state = 'done'
                             ORDER BY date DESC LIMIT %(newest)s) AS m
                      JOIN stock_location a ON a.id = m.location_id
                      JOIN stock_location b ON b.id = m.location_dest_id
                     WHERE m.sale_line_id IS NOT NULL AND m.company_id IN %(companies)s
                       AND (a.usage = 'customer') <> (b.usage = 'customer')
                     ORDER BY m.date DESC, m.id DESC LIMIT %(limit)s) AS m
              JOIN sale_order_line s ON s.id = m.sale_line_id
              JOIN uom_uom mu ON mu.id = m.product_uom
              JOIN uom_uom su ON su.id = s.product_uom_id
              JOIN product_product p ON p.id = m.product_id
              JOIN product_template t ON t.id = p.product_tmpl_id
              JOIN uom_uom pu ON pu.id = t.uom_id
              %(whom_joins)s
             ORDER BY m.date DESC, m.id DESC
            """,
            whom=self._get_whom_columns(),
            whom_joins=self._get_whom_joins(SQL.identifier("o", "partner_id")),
            product=product_id,
            companies=tuple(self.env.companies.ids),
            newest=NEWEST,
            limit=LAST,
        )

    @api.model
    def _select_bought(self, product_id):
        """What came of purchases, among the newest lines."""
        return SQL(
            """
            SELECT n.id, q.id AS purchase_id, q.name AS purchase, y.name AS supplier,
                   q.date_approve AS date, q.currency_id,
                   (n.qty_received * nu.factor / pu.factor)::float8 AS quantity,
                   (n.price_unit * (1 - COALESCE(n.discount, 0) / 100.0)
                    * pu.factor / nu.factor)::float8 AS price
              FROM (SELECT * FROM purchase_order_line
                     WHERE product_id = %(product)s AND company_id IN %(companies)s
                     ORDER BY id DESC LIMIT %(newest)s) AS n
              JOIN purchase_order q ON q.id = n.order_id AND n.qty_received > 0
              JOIN res_partner y ON y.id = q.partner_id
              JOIN uom_uom nu ON nu.id = n.product_uom_id
              JOIN product_product p ON p.id = n.product_id
              JOIN product_template t ON t.id = p.product_tmpl_id
              JOIN uom_uom pu ON pu.id = t.uom_id
             ORDER BY q.date_approve DESC, n.id DESC
             LIMIT %(limit)s
            """,
            product=product_id,
            companies=tuple(self.env.companies.ids),
            newest=NEWEST,
            limit=LAST,
        )

    @api.model
    def _select_months(self, product_id):
        """In and out of twelve months; differences of counts are neither."""
        return SQL(
            """
            SELECT to_char(month, 'YYYY-MM') AS month,
                   COALESCE(sum(quantity) FILTER (WHERE is_in), 0)::float8 AS came,
                   COALESCE(sum(quantity) FILTER (WHERE NOT is_in), 0)::float8 AS went
              FROM generate_series(
                   date_trunc('month', now() AT TIME ZONE %(zone)s)
                   - interval '11 months',
                   date_trunc('month', now() AT TIME ZONE %(zone)s),
                   interval '1 month') AS month
              LEFT JOIN (
                SELECT date_trunc('month', m.date AT TIME ZONE 'UTC'
                                  AT TIME ZONE %(zone)s) AS month,
                       b.usage = 'internal' AS is_in,
                       m.quantity * mu.factor / pu.factor AS quantity
                  FROM stock_move m
                  JOIN stock_location a ON a.id = m.location_id
                  JOIN stock_location b ON b.id = m.location_dest_id
                  JOIN uom_uom mu ON mu.id = m.product_uom
                  CROSS JOIN (
                    SELECT u.factor FROM product_product p
                      JOIN product_template t ON t.id = p.product_tmpl_id
                      JOIN uom_uom u ON u.id = t.uom_id
                     WHERE p.id = %(product)s) AS pu
                 WHERE m.product_id = %(product)s AND m.state = 'done'
                   AND m.date >= date_trunc('month', now()) - interval '12 months'
                   AND m.company_id IN %(companies)s AND m.is_inventory IS NOT TRUE
                   AND (a.usage = 'internal') <> (b.usage = 'internal')
              ) AS moved USING (month)
             GROUP BY month ORDER BY month
            """,
            zone=self.env.tz.zone,
            product=product_id,
            companies=tuple(self.env.companies.ids),
        )

    @api.model
    def _select_rules(self, product_id):
        """Reorder rules of the part."""
        return SQL(
            """
            SELECT r.id, r.warehouse_id, %(warehouse)s AS warehouse,
                   l.complete_name AS place, r.trigger,
                   r.product_min_qty::float8 AS minimum,
                   r.product_max_qty::float8 AS maximum
              FROM stock_warehouse_orderpoint r
              JOIN stock_warehouse w ON w.id = r.warehouse_id
              JOIN stock_location l ON l.id = r.location_id
             WHERE r.product_id = %(product)s AND r.active
               AND r.company_id IN %(companies)s
             ORDER BY w.sequence, w.id, l.complete_name
            """,
            warehouse=self._get_name_sql("stock.warehouse", "w"),
            product=product_id,
            companies=tuple(self.env.companies.ids),
        )
