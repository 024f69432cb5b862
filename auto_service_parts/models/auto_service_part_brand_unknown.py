import difflib

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.part_number import brand_key

#: How many examples of numbers are kept of a name.
EXAMPLES = 5
#: Shorter names are similar by chance.
SIMILAR_LENGTH = 4


class AutoServicePartBrandUnknown(models.Model):
    """A name of a brand in somebody's data that nobody has said the meaning of.

    Price lists keep the names of brands as keys, so a name that becomes known is found
    at once: no row is written again.
    """

    _name = "auto.service.part.brand.unknown"
    _description = "Unknown Brand"
    _order = "row_count desc, name, id"

    name = fields.Char(
        required=True, readonly=True, help="How the source writes the brand."
    )
    name_key = fields.Char(
        required=True,
        readonly=True,
        export_string_translation=False,
        help="The name as it is compared: capitals, letters and digits only.",
    )
    source = fields.Char(readonly=True, help="Where the name was seen last.")
    row_count = fields.Integer(
        string="Rows", readonly=True, help="How many rows of the source have the name."
    )
    examples = fields.Char(readonly=True, help="Some of its numbers.")
    seen_at = fields.Datetime(
        string="Last seen", readonly=True, help="When the name was seen last."
    )
    state = fields.Selection(
        [("open", "To be decided"), ("ignored", "Ignored")],
        default="open",
        required=True,
        readonly=True,
        index=True,
        help="Ignored names stay as the source writes them and ask no more.",
    )
    brand_id = fields.Many2one(
        "auto.service.part.brand",
        string="It is this brand",
        compute="_compute_brand_id",
        store=True,
        readonly=False,
        ondelete="cascade",
        help="Brand that is meant. What is proposed is only similar: look at the "
        "numbers.",
    )

    _name_uniq = models.UniqueIndex("(name_key)")

    @api.depends("name_key")
    def _compute_brand_id(self):
        """Propose a brand that is written nearly so, and begins in the same way."""
        brands = self.env["auto.service.part.brand"]
        known = brands._get_name_map()[0]
        keys_by_start = {}
        for key in known:
            if len(key) >= SIMILAR_LENGTH:
                keys_by_start.setdefault(key[:3], []).append(key)
        for unknown in self:
            key = unknown.name_key or ""
            near = difflib.get_close_matches(
                key, keys_by_start.get(key[:3], ()), 1, 0.8
            )
            unknown.brand_id = near and brands.browse(known[near[0]])

    def action_assign(self):
        """It is this brand: the name becomes one of its other names."""
        missing = self.filtered(lambda it: not it.brand_id)
        if missing:
            raise UserError(
                self.env._(
                    "Choose the brand that is meant by %(names)s first.",
                    names=", ".join(missing.mapped("name")),
                )
            )
        self.env["auto.service.part.brand.alias"].create(
            [{"brand_id": it.brand_id.id, "name": it.name} for it in self]
        )

    def action_make_brand(self):
        """It is a brand of its own."""
        self.env["auto.service.part.brand"].create([{"name": it.name} for it in self])

    def action_ignore(self):
        """Nobody needs to know."""
        self.write({"state": "ignored"})

    def action_reopen(self):
        """Ask again."""
        self.write({"state": "open"})

    @api.model
    def _add_unknown(self, rows, source):
        """Put names into the queue, or bring those that are there up to date.

        Called at the end of a load; one statement whatever the number of names.

        :param rows: list of tuples (name, number of rows, list of examples)
        :param str source: where they were seen
        """
        known = self.env["auto.service.part.brand"]._get_name_map()[0]
        values = {}
        for name, count, examples in rows:
            key = brand_key(name)
            if key and key not in known:
                numbers = ", ".join(list(examples)[:EXAMPLES])
                values[key] = (key, name.replace("\0", "").strip(), count, numbers)
        if not values:
            return
        self.env.flush_all()
        self.env.execute_query(self._get_queue_query(list(values.values()), source))
        self.invalidate_model()
        fresh = self.search(
            [("name_key", "in", list(values)), ("brand_id", "=", False)]
        )
        self.env.add_to_compute(self._fields["brand_id"], fresh)

    @api.model
    def _get_queue_query(self, rows, source):
        """Insert or update; what was decided to ignore stays ignored."""
        return SQL(
            """
            INSERT INTO auto_service_part_brand_unknown
                   (name_key, name, row_count, examples, source, state, seen_at,
                    create_uid, create_date, write_uid, write_date)
            SELECT v.key, v.name, v.count, v.examples, %(source)s, 'open', now.at,
                   %(uid)s, now.at, %(uid)s, now.at
              FROM (VALUES %(rows)s) AS v (key, name, count, examples),
                   (SELECT now() AT TIME ZONE 'UTC' AS at) AS now
            ON CONFLICT (name_key) DO UPDATE
               SET row_count = excluded.row_count, examples = excluded.examples,
                   source = excluded.source, seen_at = excluded.seen_at
            RETURNING id
            """,
            source=source,
            uid=self.env.uid,
            rows=SQL(", ").join(SQL("%s", row) for row in rows),
        )

    @api.model
    def _forget_known(self, keys):
        """Names that mean a brand now need no decision any more."""
        if keys:
            # Whoever may add a name to a brand need not have the right to delete.
            self.sudo().search([("name_key", "in", keys)]).unlink()
