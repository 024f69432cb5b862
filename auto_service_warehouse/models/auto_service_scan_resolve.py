import re
from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

#: Hits of one kind that are offered to choose from.
MAX_HITS = 8
#: Labels of ours say what they are: a work order, a tool.
PREFIXES = {"WO": "order", "TOOL": "tool"}
#: Sheets of command barcodes, the host's and short ones.
BUTTONS = {
    "OBTVALI": "done",
    "O-BTN.VALIDATE": "done",
    "CMD:DONE": "done",
    "CMD:ALL": "all",
}
GS1 = re.compile(r"^(\](C1|d2|Q3|e0|J1)|\x1d|\(01\)|01\d{14})")
#: Modes in which the number of a tracked part has to be known.
LOT_MODES = ("receive", "putaway", "move", "count", "supplier")


class Found(NamedTuple):
    """A thing that a code stands for."""

    kind: str
    record: models.BaseModel
    #: pieces in the unit of the product; a box of six is 6.0
    quantity: float = 1.0
    #: lot or serial number, where the code tells it
    lot_name: str = ""
    #: False: somebody has to say that it is meant, like a part found by its name
    is_sure: bool = True

    def _to_dict(self):
        return {
            "kind": self.kind,
            "id": self.record.id,
            "name": self.record.sudo().display_name,
            "quantity": self.quantity,
            "lot_name": self.lot_name,
        }

    def _to_choice(self):
        """Button that chooses it."""
        scan = self.record.env["auto.service.scan"]
        args = self._to_dict()
        args.pop("name")
        return {
            "action": "choose",
            "args": args,
            "label": self.record.sudo().display_name,
            "note": scan._get_kind_names()[self.kind],
        }

    def _describe_misfit(self, prompt):
        """Sentence for a thing that does not belong here."""
        scan = self.record.env["auto.service.scan"]
        return self.record.env._(
            "%(name)s is a %(kind)s. %(prompt)s",
            name=self.record.sudo().display_name,
            kind=scan._get_kind_names()[self.kind].lower(),
            prompt=prompt,
        )


class AutoServiceScan(models.AbstractModel):
    """From a code to a record: one query for all kinds of things."""

    _inherit = "auto.service.scan"

    @api.model
    def _get_kind_names(self):
        return {
            "product": self.env._("Part"),
            "location": self.env._("Bin"),
            "picking": self.env._("Transfer"),
            "purchase": self.env._("Purchase order"),
            "order": self.env._("Work order"),
            "employee": self.env._("Technician"),
            "tool": self.env._("Tool"),
        }

    @api.model
    def _get_kinds_of_mode(self, mode):
        """Kinds of things that mean something in a mode."""
        return {
            "lookup": tuple(self._get_kind_names()),
            "receive": ("product", "location", "picking", "purchase"),
            "putaway": ("product", "location"),
            "move": ("product", "location"),
            "pick": ("product", "location", "order"),
            "issue": ("product", "order", "employee", "location"),
            "return": ("product", "order", "location"),
            "count": ("product", "location"),
            "tool": ("tool", "employee"),
            "supplier": ("product", "location"),
        }[mode]

    @api.model
    def _get_button_of_code(self, code):
        return BUTTONS.get(code.upper())

    # ------------------------------------------------------------------
    # Finding
    # ------------------------------------------------------------------

    @api.model
    def _find(self, code, mode="lookup"):
        """Things that a code stands for; those of the parts desk may be many.

        :param str code: what was scanned or typed
        :return: list of :class:`Found`
        """
        code = code.strip()
        prefix, _colon, rest = code.partition(":")
        if rest and prefix.upper() in PREFIXES:
            return self._find_exactly(rest.strip(), [PREFIXES[prefix.upper()]])
        hits = self._find_exactly(code)
        if not hits and GS1.match(code):
            hits = self._find_gs1(code)
        if not hits and "product" in self._get_kinds_of_mode(mode):
            hits = [
                Found("product", part, is_sure=self._is_sure(part, code))
                for part in self._find_products(code)
            ]
        return hits

    @api.model
    def _find_products(self, code):
        """Parts that carry a code in another spelling; addons know more numbers.

        :param str code: what was scanned or typed
        :return: product.product records, at most :data:`MAX_HITS`
        """
        found = self.env["auto.service.part.balance"]._find_parts(code, MAX_HITS)
        return self.env["product.product"].browse(found)

    @api.model
    def _is_sure(self, product, code):
        """Whether a part was found by a number, not by words of its name."""
        words = code.lower().split()
        name = (product.sudo().name or "").lower()
        has_digit = any(sign.isdigit() for sign in code)
        return has_digit and len(code) >= 4 and not all(word in name for word in words)

    @api.model
    def _get_spellings(self, code):
        """Spellings of a code: capitals; EAN-13, UPC-A and GTIN-14 of one number."""
        spellings = {code, code.upper()}
        if code.isdigit() and len(code) in (8, 12, 13, 14):
            bare = code.lstrip("0")
            spellings |= {bare.zfill(width) for width in (8, 12, 13, 14)}
        return list(spellings)

    @api.model
    def _get_scan_domains(self, codes):
        """Where codes are looked for: kind -> (model, domain).

        Kinds that end in "_product" stand for a part, ``lot`` for its part and number.
        """
        own = Domain("company_id", "in", [False, self.env.company.id])
        named = Domain("name", "in", codes)
        barcode = Domain("barcode", "in", codes)
        return {
            "product": (
                "product.product",
                own & (barcode | Domain("default_code", "in", codes)),
            ),
            "packaging": ("product.uom", own & barcode),
            "location": ("stock.location", own & (barcode | named)),
            "lot": ("stock.lot", own & named),
            "picking": ("stock.picking", own & named),
            "purchase": (
                "purchase.order",
                own & (named | Domain("partner_ref", "in", codes)),
            ),
            "order": ("auto.service.order", own & self._get_order_domain(codes)),
            "employee": ("hr.employee", own & barcode),
            "tool": (
                "auto.service.tool",
                own
                & (Domain("code", "in", codes) | Domain("serial_number", "in", codes)),
            ),
        }

    @api.model
    def _get_order_domain(self, codes):
        """Visits by their number, or by the plate of a vehicle that is here."""
        is_here = Domain("state", "=", "open")
        return Domain("name", "in", codes) | (
            is_here & Domain("license_plate", "in", codes)
        )

    @api.model
    def _find_exactly(self, code, kinds=None):
        """All kinds of things with just this code, in one query."""
        parts = []
        for kind, (model, domain) in self._get_scan_domains(
            self._get_spellings(code)
        ).items():
            if not kinds or kind in kinds:
                query = self._get_scan_model(model)._search(domain, limit=MAX_HITS)
                column = SQL.identifier(query.table, "id")
                columns = SQL("%s::varchar AS kind, %s AS id", kind, column)
                parts.append(SQL("(%s)", query.select(columns)))
        rows = self.env.execute_query(SQL(" UNION ALL ").join(parts))
        return self._build_hits(rows)

    @api.model
    def _get_scan_model(self, model):
        """Model to look in: who may not read a thing may still know what he holds.

        Names of bins, parts and colleagues are no secret in the garage; what is shown
        of them depends on the mode and on the role.
        """
        return self.env[model].sudo()

    @api.model
    def _build_hits(self, rows):
        domains = self._get_scan_domains([])
        hits = []
        for kind, record_id in rows:
            record = self.env[domains[kind][0]].browse(record_id)
            hits.append(self._build_hit(kind, record))
        unique = {(hit.kind, hit.record.id): hit for hit in hits}
        return [hit for hit in unique.values() if self._is_of_company(hit.record)]

    @api.model
    def _build_hit(self, kind, record):
        # the thing itself is read as the user, only its name is told to everybody
        record_sudo = record.sudo()
        if kind == "lot":
            product = record_sudo.product_id.sudo(False)
            return Found("product", product, 1.0, record_sudo.name)
        if kind == "packaging":
            product = record_sudo.product_id
            pieces = record_sudo.uom_id._compute_quantity(1.0, product.uom_id)
            return Found("product", product.sudo(False), pieces)
        return Found(kind, record if kind != "employee" else record_sudo)

    @api.model
    def _is_of_company(self, record):
        company = record.sudo().company_id
        return not company or company in self.env.companies

    @api.model
    def _find_gs1(self, code):
        """A part by its GS1 code: number of the article, lot, count of pieces."""
        nomenclature = self.env.ref(
            "barcodes_gs1_nomenclature.default_gs1_nomenclature",
            raise_if_not_found=False,
        )
        bare = re.sub(r"\((\d{2,4})\)", r"\1", code)
        rules = nomenclature and nomenclature.sudo().gs1_decompose_extended(bare)
        values = {rule["ai"]: rule["value"] for rule in rules or []}
        number = values.get("01") or values.get("02")
        hits = self._find_exactly(number, ["product", "packaging"]) if number else []
        lot_name = values.get("21") or values.get("10") or ""
        pieces = float(values.get("30") or values.get("37") or 1.0)
        return [
            hit._replace(quantity=hit.quantity * pieces, lot_name=lot_name)
            for hit in hits
        ]

    @api.model
    def _get_found(self, kind, id, quantity=1.0, lot_name=""):  # noqa: A002
        """A thing that was chosen on the screen."""
        if kind not in self._get_kind_names():
            raise UserError(self.env._("Scan it once more."))
        model = self._get_scan_domains([])[kind][0]
        record = self.env[model].browse(int(id)).exists()
        if not record or not self._is_of_company(record):
            raise UserError(self.env._("It is gone. Scan it once more."))
        if kind == "employee":
            record = record.sudo()  # people without rights in HR see the name only
        return Found(kind, record, float(quantity), lot_name)

    # ------------------------------------------------------------------
    # Lots and serial numbers
    # ------------------------------------------------------------------

    @api.model
    def _is_lot_wanted(self, mode, found):
        is_tracked = found.record.sudo().tracking in ("lot", "serial")
        return mode in LOT_MODES and is_tracked and not found.lot_name

    @api.model
    def _read_lot(self, state, code):
        """The number of the part that was scanned before."""
        wait = state["wait"]
        found = self._get_found("product", wait["product"], wait["quantity"])
        again = self._find_exactly(code, ["product", "packaging", "lot"])
        for hit in again:
            if hit.record == found.record and not hit.lot_name:
                raise UserError(
                    self.env._("This is the code of the part. Scan its own number.")
                )
        return found._replace(lot_name=code)

    @api.model
    def _get_lot(self, product, lot_name):
        """Lot or serial number that the company knows.

        :return: stock.lot record, empty for parts without
        """
        lots = self.env["stock.lot"]
        if not lot_name or product.tracking == "none":
            return lots
        lot = lots.search(
            [
                ("product_id", "=", product.id),
                ("name", "=", lot_name),
                ("company_id", "in", [False, self.env.company.id]),
            ],
            limit=1,
        )
        if not lot:
            raise UserError(
                self.env._(
                    "%(part)s has no number %(lot)s. Receive it first.",
                    part=product.display_name,
                    lot=lot_name,
                )
            )
        return lot

    @api.model
    def _screen_of_lot(self, state):
        """The screen waits for the number of a part."""
        product = self.env["product.product"].browse(state["wait"]["product"])
        name = (
            self.env._("serial number")
            if product.tracking == "serial"
            else self.env._("lot number")
        )
        return {
            "prompt": self.env._("Scan its %(name)s.", name=name),
            "icon": "fa-tag",
        }
