import re

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

#: Whoever types more does not look for a part.
MAX_LENGTH = 64
#: Candidates that are put in order; more of them is no answer yet.
MAX_FOUND = 200


class AutoServicePartBalance(models.AbstractModel):
    """The box on top: parts with what is free of them, while somebody types."""

    _inherit = "auto.service.part.balance"

    @api.model
    def search_parts(self, text, limit=12):
        """Parts by number, barcode or words of the name, with their stock.

        :param str text: as it is typed, so far
        :param int limit: number of parts
        :return: list of dicts with ``id``, ``code``, ``name``, ``barcode``, ``unit``,
            ``on_hand``, ``free``, ``place`` (where most of it lies) and ``note`` (why
            it was found, when that is not plain)
        """
        self._get_rights()
        text = (text or "").strip()[:MAX_LENGTH]
        if not text:
            return []
        self.env.flush_all()
        notes = self._find_parts(text, limit)
        found = {row["id"]: row for row in self._fetch(self._select_found(list(notes)))}
        return [
            {**found[product_id], "note": note}
            for product_id, note in notes.items()
            if product_id in found
        ]

    @api.model
    def _find_parts(self, text, limit):
        """Numbers first, then names. Override to know more numbers.

        :return: dict of notes (str) by product id, the best first
        """
        notes = dict.fromkeys(self._find_by_code(text, limit), "")
        if len(notes) < limit:
            for product_id in self._find_by_name(text, limit):
                notes.setdefault(product_id, "")
        return dict(list(notes.items())[:limit])

    @api.model
    def _find_by_code(self, text, limit):
        """Products by barcode and reference, whole ones before the beginnings."""
        rows = self._fetch(self._select_by_code(text, limit))
        return [row["id"] for row in rows]

    @api.model
    def _escape(self, text):
        """Text whose signs stand for nothing but themselves in a pattern."""
        return re.sub(r"([\\\\%_])", r"\\\1", text)

    @api.model
    def _select_by_code(self, text, limit):
        pattern = self._escape(text)
        return SQL(
            """
            SELECT f.id FROM (
                SELECT id, default_code AS code FROM product_product
                 WHERE barcode = %(text)s
                 UNION ALL
                (SELECT id, default_code FROM product_product
                  WHERE default_code ILIKE %(start)s LIMIT %(found)s)
                 UNION ALL
                (SELECT id, default_code FROM product_product
                  WHERE default_code ILIKE %(inside)s AND %(is_long)s LIMIT %(found)s)
              ) AS f
              JOIN product_product p ON p.id = f.id AND p.active
              JOIN product_template t ON t.id = p.product_tmpl_id
               AND t.type = 'consu' AND %(company)s
             GROUP BY f.id, f.code
             ORDER BY f.code NOT ILIKE %(start)s, length(f.code), f.code, f.id
             LIMIT %(limit)s
            """,
            text=text,
            start=f"{pattern}%",
            inside=f"%{pattern}%",
            # Less than three letters are everywhere, and no index knows them.
            is_long=len(text) > 2,
            company=self._get_company_clause("t.company_id"),
            found=MAX_FOUND,
            limit=limit,
        )

    @api.model
    def _find_by_name(self, text, limit):
        """Products whose name has all the words."""
        words = [word for word in text.split() if len(word) > 1]
        if not words:
            return []
        domain = Domain.AND(
            [Domain("name", "ilike", self._escape(word)) for word in words]
        )
        domain &= Domain("type", "=", "consu")
        # Names of parts are no secret; the company is looked at here.
        templates_sudo = self.env["product.template"].sudo()
        # Common words are in every fifth name: the first ones will do, in no order.
        query = templates_sudo._search(domain)
        query.add_where(self._get_company_clause("product_template.company_id"))
        query.limit = limit
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM product_product"
                " WHERE active AND product_tmpl_id IN %s ORDER BY id LIMIT %s",
                query.subselect(),
                limit,
            )
        )
        return [product_id for (product_id,) in rows]

    @api.model
    def _select_found(self, product_ids):
        """The parts with what is in the user's companies of them."""
        return SQL(
            """
            SELECT p.id, p.default_code AS code, p.barcode, %(name)s AS name,
                   %(unit)s AS unit, t.is_storable, t.tracking,
                   COALESCE(stock.on_hand, 0)::float8 AS on_hand,
                   COALESCE(stock.free, 0)::float8 AS free, stock.place
              FROM unnest(%(products)s::int[]) AS f (id)
              JOIN product_product p ON p.id = f.id AND p.active
              JOIN product_template t ON t.id = p.product_tmpl_id
               AND t.type = 'consu' AND %(part_company)s
              JOIN uom_uom u ON u.id = t.uom_id
              LEFT JOIN LATERAL (
                SELECT sum(q.quantity) AS on_hand,
                       sum(q.quantity - q.reserved_quantity) AS free,
                       (array_agg(%(place)s ORDER BY q.quantity DESC, l.complete_name)
                       )[1] AS place
                  FROM stock_quant q
                  JOIN stock_location l ON l.id = q.location_id
                   AND l.usage = 'internal'
                  LEFT JOIN stock_warehouse w ON w.id = l.warehouse_id
                  LEFT JOIN stock_location s ON s.id = w.lot_stock_id
                 WHERE q.product_id = p.id AND %(company)s
              ) AS stock ON TRUE
            """,
            name=self._get_name_sql("product.template", "t"),
            unit=self._get_name_sql("uom.uom", "u"),
            place=self._get_place_sql("l", "s"),
            products=product_ids,
            part_company=self._get_company_clause("t.company_id"),
            company=self._get_company_clause("l.company_id"),
        )
