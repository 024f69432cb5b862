from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..tools.part_number import number_key

#: Kinds that follow fields of the product; nobody enters them here.
KEPT_KINDS = ("main", "reference")


class AutoServicePartNumber(models.Model):
    """One of the numbers by which a product is found.

    Rows of the product's own number, reference, barcode and of the vendors' codes are
    kept by the product itself; others are entered by people.
    """

    _name = "auto.service.part.number"
    _inherit = ["auto.service.any.number"]
    _description = "Number of a Product"
    _log_access = False
    _order = "is_kept desc, kind, id"
    _rec_name = "number"

    product_id = fields.Many2one(
        "product.product",
        required=True,
        index=True,
        ondelete="cascade",
        help="Product that is found by the number.",
    )
    company_id = fields.Many2one(
        related="product_id.company_id",
        store=True,
        precompute=True,
        help="Company that the product is for; empty for all.",
    )
    brand_id = fields.Many2one(
        "auto.service.part.brand",
        ondelete="restrict",
        help="Brand whose number it is; empty for barcodes and codes of vendors.",
    )
    number = fields.Char(required=True, help="The number as printed.")
    number_key = fields.Char(
        compute="_compute_number_key",
        store=True,
        precompute=True,
        export_string_translation=False,
        help="The number as it is compared: letters and digits only.",
    )
    kind = fields.Selection(
        [
            ("main", "Maker's number"),
            ("reference", "Internal reference"),
            ("alternate", "Other number of the maker"),
            ("original", "Original number of the vehicle's maker"),
            ("supplier", "Vendor's code"),
            ("barcode", "Barcode"),
        ],
        default="original",
        required=True,
        help="What number it is.",
    )
    is_kept = fields.Boolean(
        string="Kept by itself",
        readonly=True,
        help="It follows the fields of the product and is not edited here.",
    )

    _number_idx = models.Index("(number_key)")
    _main_uniq = models.UniqueIndex(
        "(brand_id, number_key, COALESCE(company_id, 0)) WHERE kind = 'main'",
        "There is a product of this brand and number already.",
    )
    _key_not_empty = models.Constraint(
        "CHECK (number_key <> '')",
        "A number has letters or digits.",
    )

    @api.depends("number")
    def _compute_number_key(self):
        for number in self:
            number.number_key = number_key(number.number)

    @api.constrains("kind", "is_kept")
    def _check_kind(self):
        wrong = self.filtered(lambda it: it.kind in KEPT_KINDS and not it.is_kept)
        if wrong:
            raise ValidationError(
                self.env._(
                    "The maker's number and the internal reference are fields of the "
                    "product: enter %(numbers)s there.",
                    numbers=", ".join(wrong.mapped("number")),
                )
            )

    def write(self, vals):
        self.filtered(lambda it: it._is_changed_by(vals))._ensure_not_kept()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_kept(self):
        if not self.env.context.get("auto_service_number_sync"):
            self._ensure_not_kept()

    def _is_changed_by(self, vals):
        """Whether another number comes of it; screens send what is there, too."""
        return any(
            name in vals
            and self._fields[name].convert_to_write(self[name], self) != vals[name]
            for name in ("product_id", "brand_id", "number", "kind")
        )

    def _ensure_not_kept(self):
        """What follows a field of the product is changed there."""
        kept = self.filtered("is_kept")
        if kept:
            raise UserError(
                self.env._(
                    "These numbers follow fields of the product or prices of its "
                    "vendors: %(numbers)s. Change them there.",
                    numbers=", ".join(kept.mapped("number")),
                )
            )

    # --- what products keep by themselves

    @api.model
    def _sync(self, products, is_new=False):
        """Bring the rows that products keep by themselves up to date.

        :param products: product.product recordset, archived ones, too
        :param bool is_new: they have no rows yet
        """
        wanted = products._get_kept_numbers()
        # Whoever edits products need not have rights on their numbers.
        numbers_sudo = self.sudo()
        existing = stale = numbers_sudo.browse()
        if products and not is_new:
            existing = numbers_sudo.search(
                [("product_id", "in", products.ids), ("is_kept", "=", True)]
            )
        for row in existing:
            key = (row.product_id.id, row.kind, row.brand_id.id, row.number)
            if key in wanted:
                wanted.discard(key)
            else:
                stale |= row
        stale.with_context(auto_service_number_sync=True).unlink()
        numbers_sudo.create([self._prepare_kept_values(*key) for key in sorted(wanted)])

    @api.model
    def _prepare_kept_values(self, product_id, kind, brand_id, number):
        """Values of a row that a product keeps by itself."""
        return {
            "product_id": product_id,
            "kind": kind,
            "brand_id": brand_id,
            "number": number,
            "is_kept": True,
        }

    @api.model
    def _fill(self, batch_size=5000):
        """Rows of all products, on installation."""
        products = self.env["product.product"].with_context(active_test=False)
        query = products._search([], order="id")
        ids = [row[0] for row in self.env.execute_query(query.select())]
        for start in range(0, len(ids), batch_size):
            self._sync(products.browse(ids[start : start + batch_size]))
            self.env.flush_all()
            self.env.invalidate_all()

    # --- search

    @api.model
    def _find_products(self, text, with_crosses=True):
        """Products that have the number, in any spelling, or one that stands for it.

        One statement by indexes. What is found first is the number itself, then other
        numbers of the same part, newer numbers and cross references.

        :param str text: as somebody typed or scanned it
        :return: list of product ids, of all companies, archived ones too
        """
        key = number_key(text)
        if not key:
            return []
        self.env["auto.service.part.finder"]._flush()
        query = self._get_cross_query(key) if with_crosses else self._get_query(key)
        rows = self.env.execute_query(query)
        return list(dict.fromkeys(product_id for product_id, _rank in rows))

    @api.model
    def _get_query(self, key):
        """Products whose own numbers match."""
        return SQL(
            """
            SELECT product_id, 0 AS rank
              FROM auto_service_part_number
             WHERE number_key = %s
            """,
            key,
        )

    @api.model
    def _get_cross_query(self, key):
        """As ``_get_query``, and those one step of knowledge away."""
        return SQL(
            """
            SELECT product_id, rank FROM (
                %(own)s
                UNION ALL
                SELECT number.product_id, step.rank
                  FROM (
                    SELECT brand_id, alternate_key AS number_key, 1 AS rank
                      FROM auto_service_part_alternate WHERE number_key = %(key)s
                    UNION ALL
                    SELECT brand_id, number_key, 1
                      FROM auto_service_part_alternate WHERE alternate_key = %(key)s
                    UNION ALL
                    SELECT to_brand_id, to_number_key, 2
                      FROM auto_service_part_supersession WHERE number_key = %(key)s
                    UNION ALL
                    SELECT to_brand_id, to_number_key, 3
                      FROM auto_service_part_cross c
                      JOIN auto_service_part_cross_source s ON s.id = c.source_id
                     WHERE number_key = %(key)s AND is_doubtful IS NOT TRUE
                       AND s.active
                    UNION ALL
                    SELECT brand_id, number_key, 3
                      FROM auto_service_part_cross c
                      JOIN auto_service_part_cross_source s ON s.id = c.source_id
                     WHERE to_number_key = %(key)s AND is_both_ways
                       AND kind NOT IN ('part_of', 'tuning')
                       AND is_doubtful IS NOT TRUE AND s.active
                       AND s.is_one_way IS NOT TRUE
                  ) AS step
                  JOIN auto_service_part_number number
                    ON number.number_key = step.number_key
                   AND number.brand_id = step.brand_id
            ) AS found
            ORDER BY rank, product_id
            LIMIT 500
            """,
            own=self._get_query(key),
            key=key,
        )
