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
                   l.id AS location_id, %(place)s AS place, q.lot_id,
                   (SELECT name FROM stock_lot WHERE id = q.lot_id) AS lot,
                   (SELECT name FROM stock_package WHERE id = q.package_id) AS package,
                   (SELECT name FROM res_partner WHERE id = q.owner_id) AS owner,
                   q.on_hand, q.reserved, q.since
              FROM (SELECT location_id, lot_id, package_id, owner_id,
                           sum(quantity)::float8 AS on_hand,
                           sum(reserved_quantity)::float8 AS reserved,
                           min(in_date) AS since
                      FROM stock_quant WHERE product_id = %(product)s
                     GROUP BY location_id, lot_id, package_id, owner_id
                    HAVING sum(quantity) <> 0 OR sum(reserved_quantity) <> 0) AS q
              JOIN stock_location l ON l.id = q.location_id
              LEFT JOIN stock_warehouse w ON w.id = l.warehouse_id
               AND l.usage = 'internal'
              LEFT JOIN stock_location s ON s.id = w.lot_stock_id
             WHERE %(company)s AND (l.usage = 'internal'
                    OR l.usage = 'transit' AND l.company_id IS NOT NULL)
             ORDER BY w.sequence NULLS LAST, w.id, l.complete_name, lot, package
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
        """Planned moves, and what they wait for.

        Names are looked up one by one: a join of a dozen tables takes the planner far
        longer than the rows do.
        """
        return SQL(
            """
            SELECT m.id, m.state, m.date, m.reference, m.picking_id, m.origin,
                   m.purchase_line_id, m.sale_line_id,
                   m.product_qty::float8 AS quantity,
                   CASE WHEN m.state IN ('assigned', 'partially_available')
                        THEN %(quantity)s ELSE 0 END AS reserved,
                   CASE WHEN a.usage <> 'internal' THEN 'in'
                        WHEN COALESCE(z.usage, b.usage) <> 'internal' THEN 'out'
                        ELSE 'inside' END AS kind,
                   a.warehouse_id, b.warehouse_id AS to_warehouse_id,
                   a.complete_name AS place, b.complete_name AS to_place,
                   (%(places)s) AS places, feed.is_fed, feed.date AS fed_at,
                   feed.purchase AS fed_by,
                   (SELECT r.name FROM stock_picking k
                      JOIN res_partner r ON r.id = k.partner_id
                     WHERE k.id = m.picking_id) AS partner
              FROM stock_move m
              JOIN stock_location a ON a.id = m.location_id
              JOIN stock_location b ON b.id = m.location_dest_id
              LEFT JOIN stock_location z ON z.id = m.location_final_id
              LEFT JOIN LATERAL (%(feed)s) AS feed ON TRUE
             WHERE m.product_id = %(product)s AND m.company_id IN %(companies)s
               AND m.state IN ('waiting', 'confirmed', 'partially_available',
                               'assigned')
               AND (a.usage = 'internal' OR b.usage = 'internal')
             ORDER BY m.date, m.id
             LIMIT %(limit)s
            """,
            quantity=self._get_quantity_sql("m", "quantity", "product_uom"),
            places=self._select_reserved_places(),
            feed=self._select_feed(),
            product=product_id,
            companies=tuple(self.env.companies.ids),
            limit=MAX_ROWS,
        )

    @api.model
    def _get_quantity_sql(self, alias, quantity, unit):
        """A quantity of a document in the unit of the product; ``unit`` is a column."""
        return SQL(
            """(%(quantity)s * %(factor)s / %(own)s)::float8""",
            quantity=SQL.identifier(alias, quantity),
            factor=self._select_factor(alias, unit),
            own=self._select_own_factor(alias),
        )

    @api.model
    def _select_factor(self, alias, unit):
        return SQL(
            "(SELECT factor FROM uom_uom WHERE id = %s)", SQL.identifier(alias, unit)
        )

    @api.model
    def _select_own_factor(self, alias):
        """Size of the unit of the product of a row."""
        return SQL(
            """(SELECT u.factor FROM product_product p
                  JOIN product_template t ON t.id = p.product_tmpl_id
                  JOIN uom_uom u ON u.id = t.uom_id WHERE p.id = %s)""",
            SQL.identifier(alias, "product_id"),
        )

    @api.model
    def _select_whom(self, line_ids):
        """For whom pieces are: the visit, the plate, the job, the customer.

        :param line_ids: ids of sale.order.line; ``price`` is for the product's unit
        """
        return SQL(
            """
            SELECT s.id AS sale_line_id, o.id AS sale_order_id, o.name AS sale_order,
                   s.job_id, s.work_order_id, v.name AS work_order,
                   v.license_plate AS plate, o.currency_id,
                   (SELECT name FROM auto_service_job WHERE id = s.job_id) AS job,
                   (SELECT name FROM res_partner WHERE id = o.partner_id) AS partner,
                   (s.price_unit * (1 - COALESCE(s.discount, 0) / 100.0)
                    * %(own)s / %(factor)s)::float8 AS price
              FROM sale_order_line s
              JOIN sale_order o ON o.id = s.order_id
              LEFT JOIN auto_service_order v ON v.id = s.work_order_id
             WHERE s.id = ANY(%(lines)s)
            """,
            own=self._select_own_factor("s"),
            factor=self._select_factor("s", "product_uom_id"),
            lines=list(line_ids),
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
                   (SELECT name FROM res_partner WHERE id = q.partner_id) AS supplier,
                   n.date_planned AS date, %(ordered)s - %(received)s AS quantity,
                   %(price)s AS price, q.currency_id,
                   COALESCE(n.sale_line_id, (SELECT max(m.sale_line_id)
                      FROM stock_move_created_purchase_line_rel x
                      JOIN stock_move m ON m.id = x.move_id
                     WHERE x.created_purchase_line_id = n.id)) AS sale_line_id
              FROM purchase_order_line n
              JOIN purchase_order q ON q.id = n.order_id
               AND q.state IN ('draft', 'sent', 'to approve', 'purchase')
             WHERE n.product_id = %(product)s AND n.company_id IN %(companies)s
               AND n.product_qty > COALESCE(n.qty_received, 0)
             ORDER BY n.date_planned, n.id
             LIMIT %(limit)s
            """,
            ordered=self._get_quantity_sql("n", "product_qty", "product_uom_id"),
            received=self._get_received_sql("n"),
            price=self._get_cost_sql("n"),
            product=product_id,
            companies=tuple(self.env.companies.ids),
            limit=MAX_ROWS,
        )

    @api.model
    def _get_received_sql(self, alias):
        return SQL(
            "COALESCE(%s, 0)",
            self._get_quantity_sql(alias, "qty_received", "product_uom_id"),
        )

    @api.model
    def _get_cost_sql(self, alias):
        """What one piece costs on a line of a purchase."""
        return SQL(
            """(%(price)s * (1 - COALESCE(%(discount)s, 0) / 100.0)
                * %(own)s / %(factor)s)::float8""",
            price=SQL.identifier(alias, "price_unit"),
            discount=SQL.identifier(alias, "discount"),
            own=self._select_own_factor(alias),
            factor=self._select_factor(alias, "product_uom_id"),
        )

    @api.model
    def _select_sold(self, product_id):
        """Deliveries of estimates among the newest moves; returns are negative."""
        return SQL(
            """
            SELECT m.id, m.date, m.reference, m.sale_line_id,
                   CASE WHEN a.usage = 'customer' THEN -1 ELSE 1 END * %(quantity)s
                   AS quantity
              FROM (SELECT * FROM stock_move
                     WHERE product_id = %(product)s AND state = 'done'
                     ORDER BY date DESC LIMIT %(newest)s) AS m
              JOIN stock_location a ON a.id = m.location_id
              JOIN stock_location b ON b.id = m.location_dest_id
             WHERE m.sale_line_id IS NOT NULL AND m.company_id IN %(companies)s
               AND (a.usage = 'customer') <> (b.usage = 'customer')
             ORDER BY m.date DESC, m.id DESC LIMIT %(limit)s
            """,
            quantity=self._get_quantity_sql("m", "quantity", "product_uom"),
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
            SELECT n.id, q.id AS purchase_id, q.name AS purchase,
                   (SELECT name FROM res_partner WHERE id = q.partner_id) AS supplier,
                   q.date_approve AS date, q.currency_id, %(received)s AS quantity,
                   %(price)s AS price
              FROM (SELECT * FROM purchase_order_line
                     WHERE product_id = %(product)s AND company_id IN %(companies)s
                       AND qty_received > 0
                     ORDER BY id DESC LIMIT %(newest)s) AS n
              JOIN purchase_order q ON q.id = n.order_id
             ORDER BY q.date_approve DESC, n.id DESC
             LIMIT %(limit)s
            """,
            received=self._get_received_sql("n"),
            price=self._get_cost_sql("n"),
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
            WITH moved AS MATERIALIZED (
                SELECT to_char(m.date AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s,
                               'YYYY-MM') AS month,
                       m.location_id, m.location_dest_id, m.product_uom,
                       sum(m.quantity) AS quantity
                  FROM stock_move m
                 WHERE m.product_id = %(product)s AND m.state = 'done'
                   AND m.date >= date_trunc('month', now()) - interval '12 months'
                   AND m.company_id IN %(companies)s AND m.is_inventory IS NOT TRUE
                 GROUP BY 1, 2, 3, 4
            )
            SELECT to_char(month, 'YYYY-MM') AS month,
                   COALESCE(sum(n.quantity) FILTER (WHERE n.is_in), 0)::float8 AS came,
                   COALESCE(sum(n.quantity) FILTER (WHERE NOT n.is_in), 0)::float8
                   AS went
              FROM generate_series(
                   date_trunc('month', now() AT TIME ZONE %(zone)s)
                   - interval '11 months',
                   date_trunc('month', now() AT TIME ZONE %(zone)s),
                   interval '1 month') AS month
              LEFT JOIN (
                SELECT m.month AS name, b.usage = 'internal' AS is_in,
                       m.quantity * u.factor / %(own)s AS quantity
                  FROM moved m
                  JOIN stock_location a ON a.id = m.location_id
                  JOIN stock_location b ON b.id = m.location_dest_id
                  JOIN uom_uom u ON u.id = m.product_uom
                 WHERE (a.usage = 'internal') <> (b.usage = 'internal')
              ) AS n ON n.name = to_char(month, 'YYYY-MM')
             GROUP BY month ORDER BY month
            """,
            zone=self.env.tz.zone,
            own=SQL(
                """(SELECT u.factor FROM product_product p
                      JOIN product_template t ON t.id = p.product_tmpl_id
                      JOIN uom_uom u ON u.id = t.uom_id WHERE p.id = %s)""",
                product_id,
            ),
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
