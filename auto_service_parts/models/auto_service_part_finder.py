from odoo import api, models
from odoo.tools import SQL

from ..tools.part_match import ONE_WAY_KINDS, RANKS, PartMatch, get_cross_rank
from ..tools.part_number import brand_key as key_of_brand
from ..tools.part_number import number_key

#: Longer chains of newer numbers are taken for a fault in the data.
MAX_STEPS = 30
#: More equivalents than anybody looks at.
MAX_CROSSES = 1000


class AutoServicePartFinder(models.AbstractModel):
    """From a number to every part that may be offered for it.

    Numbers are compared by key, brands by every way to write them. Only one level of
    cross references is followed: what stands for something that stands for something
    else is not what was asked for.
    """

    _name = "auto.service.part.finder"
    _description = "Finder of Parts"

    @api.model
    def _flush(self):
        """Write what the statements of the finder read."""
        for name in (
            "auto.service.part.number",
            "auto.service.part.alternate",
            "auto.service.part.supersession",
            "auto.service.part.cross",
            "auto.service.part.cross.source",
            "auto.service.part.kit.line",
        ):
            self.env[name].flush_model()

    # --- which parts

    @api.model
    def _get_matches(self, brand_id, brand_key, number_key, with_crosses=True):
        """The part asked for, and what may be offered instead, the closest first.

        :param int brand_id: of ``auto.service.part.brand``, falsy when not known
        :param str brand_key: name of an unknown brand as it is compared
        :param str number_key: number as it is compared
        :param bool with_crosses: with equivalents and kits
        :return: list of PartMatch
        """
        self._flush()
        brands = self.env["auto.service.part.brand"]
        brand_id = brand_id or brands._resolve_key(brand_key or "")
        keys = brands._get_brand_keys(brand_id) or frozenset({brand_key or ""} - {""})
        asked = PartMatch(brand_id, keys, number_key, number_key)
        asked.brand_name = brands._get_names().get(brand_id, brand_key or "")
        matches = {asked.key: asked}
        if brand_id:
            self._add_chain(matches)
            if with_crosses:
                self._add_crosses(matches)
        return sorted(matches.values(), key=lambda it: it.rank)

    def _add(self, matches, brand_id, number_key, **values):
        """Add a match, if the part is not among them in a closer place already."""
        brands = self.env["auto.service.part.brand"]
        match = PartMatch(
            brand_id,
            brands._get_brand_keys(brand_id),
            number_key,
            brand_name=brands._get_names().get(brand_id, ""),
            **values,
        )
        match.number = match.number or number_key
        known = matches.get(match.key)
        if known is None or match.rank < known.rank:
            matches[match.key] = match
        return match if known is None else None

    def _add_chain(self, matches):
        """Other numbers of the same part, and newer ones up to the newest.

        A step is one statement; a number that was seen is not followed again, so a
        circle in the data ends.
        """
        fresh = list(matches.values())
        for step in range(1, MAX_STEPS + 1):
            by_key = {match.key: match for match in fresh}
            fresh = []
            for row in self.env.execute_query(self._get_chain_query(by_key)):
                found = self._add_step(matches, by_key, step, *row)
                if found:
                    fresh.append(found)
            if not fresh:
                break

    def _add_step(self, matches, by_key, step, brand_id, key, *row):
        """Add one number that the chain leads to."""
        from_brand_id, from_key, number, kind, quantity, note = row
        before = by_key[from_brand_id, from_key]
        is_newer = kind == "supersession" or before.found_by == "supersession"
        found_by = "supersession" if is_newer else "alternate"
        note = " · ".join(filter(None, [self._get_step_note(before, number), note]))
        return self._add(
            matches,
            brand_id,
            key,
            number=number,
            found_by=found_by,
            rank=RANKS[found_by] + min(step, 19),
            note=note,
            quantity=before.quantity * quantity,
        )

    def _get_step_note(self, before, number):
        """The numbers from the one asked for to this one."""
        return f"{before.note or before.number} → {number}"

    def _get_chain_query(self, by_key):
        """Numbers that are one step away."""
        return SQL(
            """
            WITH start AS MATERIALIZED (%(start)s)
            SELECT a.brand_id, a.alternate_key, s.brand_id, s.number_key, a.alternate,
                   'alternate', 1.0::float8, NULL
              FROM start s
              JOIN auto_service_part_alternate a
                ON a.number_key = s.number_key AND a.brand_id = s.brand_id
            UNION ALL
            SELECT a.brand_id, a.number_key, s.brand_id, s.number_key, a.number,
                   'alternate', 1.0, NULL
              FROM start s
              JOIN auto_service_part_alternate a
                ON a.alternate_key = s.number_key AND a.brand_id = s.brand_id
            UNION ALL
            SELECT p.to_brand_id, p.to_number_key, s.brand_id, s.number_key,
                   p.to_number, 'supersession', p.quantity::float8, p.note
              FROM start s
              JOIN auto_service_part_supersession p
                ON p.number_key = s.number_key AND p.brand_id = s.brand_id
            """,
            start=self._get_start(by_key),
        )

    def _get_start(self, by_key):
        """The parts to start from, as a table."""
        return SQL(
            "SELECT * FROM unnest(%s::int[], %s::text[]) AS s (brand_id, number_key)",
            [brand_id for brand_id, _number in by_key],
            [number for _brand_id, number in by_key],
        )

    # --- cross references and kits

    def _add_crosses(self, matches):
        """What stands for one of the numbers, one level, and kits that hold one."""
        starts = dict(matches)
        query = self._get_cross_query(starts)
        for row in self.env.execute_query(query):
            brand_id, key, from_brand_id, from_key, kind, trust, source, quantity = row
            start = starts[from_brand_id, from_key]
            if kind == "kit":
                self._add_kit(matches, start, brand_id, key, source, quantity)
            else:
                self._add_cross(matches, start, (brand_id, key), kind, trust, source)

    def _add_cross(self, matches, start, part, kind, trust, source):
        """Add an equivalent."""
        brand_id, key = part
        names = self.env["auto.service.part.brand"]._get_names()
        chain = start.note or f"{start.brand_name} {start.number}".strip()
        self._add(
            matches,
            brand_id,
            key,
            found_by="cross",
            rank=get_cross_rank(kind, trust),
            note=f"{chain} → {names.get(brand_id, '')} {key} ({source})",
            trust=trust,
        )

    def _add_kit(self, matches, start, brand_id, key, number, quantity):
        """Add a kit; it holds the part, it does not stand for it."""
        self._add(
            matches,
            brand_id,
            key,
            number=number,
            found_by="kit",
            rank=RANKS["kit"],
            note=self.env._(
                "Kit with %(quantity)g × %(number)s",
                quantity=quantity,
                number=start.number,
            ),
        )

    def _get_cross_query(self, by_key):
        """Cross references in both directions, and kits."""
        return SQL(
            """
            WITH start AS MATERIALIZED (%(start)s)
            (SELECT c.to_brand_id, c.to_number_key, s.brand_id, s.number_key, c.kind,
                   o.trust, o.name, 1.0::float8
              FROM start s
              JOIN auto_service_part_cross c
                ON c.number_key = s.number_key AND c.brand_id = s.brand_id
              JOIN auto_service_part_cross_source o ON o.id = c.source_id
             WHERE c.is_doubtful IS NOT TRUE AND o.active
             LIMIT %(limit)s)
            UNION ALL
            (SELECT c.brand_id, c.number_key, s.brand_id, s.number_key, c.kind,
                   o.trust, o.name, 1.0
              FROM start s
              JOIN auto_service_part_cross c
                ON c.to_number_key = s.number_key AND c.to_brand_id = s.brand_id
              JOIN auto_service_part_cross_source o ON o.id = c.source_id
             WHERE c.is_doubtful IS NOT TRUE AND o.active
               AND c.is_both_ways AND o.is_one_way IS NOT TRUE
               AND c.kind NOT IN %(one_way)s
             LIMIT %(limit)s)
            UNION ALL
            SELECT k.kit_brand_id, k.kit_number_key, s.brand_id, s.number_key, 'kit',
                   100, k.kit_number, k.quantity::float8
              FROM start s
              JOIN auto_service_part_kit_line k
                ON k.number_key = s.number_key AND k.brand_id = s.brand_id
            """,
            start=self._get_start(by_key),
            one_way=ONE_WAY_KINDS,
            limit=MAX_CROSSES,
        )

    # --- which brands have the number

    @api.model
    def _find_brands(self, number, company):
        """Brands that have the number, as far as it is known here.

        :param str number: as it was typed
        :param company: res.company record
        :return: list of dicts with ``brand_id``, ``brand_name``, ``number``, ``name``,
            ``found_in`` (of own, list, cross) and ``offer_count``
        """
        key = number_key(number)
        if not key:
            return []
        self._flush()
        hits = {}
        for source, rows in (
            ("own", self._find_own_brands(key, company)),
            ("list", self._find_list_brands(key, company)),
            ("cross", self._find_cross_brands(key)),
        ):
            for brand_id, brand_name, printed, name, count in rows:
                self._add_hit(hits, source, brand_id, brand_name, printed, name, count)
        return sorted(
            hits.values(),
            key=lambda it: (-len(it["found_in"]), -it["offer_count"], it["brand_name"]),
        )

    def _add_hit(self, hits, source, brand_id, brand_name, number, name, count):
        """Add what a source says to what others said of the same part."""
        brands = self.env["auto.service.part.brand"]
        hit = hits.setdefault(
            (brand_id or key_of_brand(brand_name), number_key(number)),
            {
                "brand_id": brand_id,
                "brand_name": brands._get_names().get(brand_id, brand_name),
                "number": number,
                "name": "",
                "found_in": [],
                "offer_count": 0,
            },
        )
        hit["name"] = hit["name"] or name or ""
        if source not in hit["found_in"]:
            hit["found_in"].append(source)
        hit["offer_count"] += count
        if hit["number"] == number_key(number):
            hit["number"] = number

    def _find_own_brands(self, key, company):
        """Own products that have the number; a barcode leads to the maker's number."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT n.product_id, n.brand_id, n.number, n.kind
                  FROM auto_service_part_number n
                  JOIN product_product p ON p.id = n.product_id AND p.active
                 WHERE n.number_key = %s
                   AND (n.company_id IS NULL OR n.company_id = %s)
                """,
                key,
                company.id,
            )
        )
        products = self.env["product.product"].browse({row[0] for row in rows})
        products.sudo().fetch(["name", "part_brand_id", "part_number"])
        for product_id, brand_id, number, kind in rows:
            product = products.browse(product_id).sudo()
            if not brand_id and product.part_brand_id:
                brand_id = product.part_brand_id.id
                number = product.part_number or number
            yield brand_id or False, "", number, product.name, kind != "original"

    def _find_list_brands(self, key, company):
        """Brands of the rows of price lists."""
        lists = self._get_price_lists(company)
        if not lists:
            return
        brands = self.env["auto.service.part.brand"]
        partners = {it.generation: it.partner_id.id for it in lists}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT generation, brand_key, min(brand), min(number), min(name),
                       count(*)
                  FROM auto_service_price_row
                 WHERE number_key = %s AND generation IN %s
                 GROUP BY generation, brand_key
                """,
                key,
                tuple(partners),
            )
        )
        for generation, brand_key, brand, number, name, count in rows:
            brand_id = brands._resolve_key(brand_key, partners[generation])
            yield brand_id, brand, number, name, count

    def _find_cross_brands(self, key):
        """Brands that are known to have the number, whoever offers it."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT brand_id, number FROM (
                    (SELECT brand_id, number_key AS number
                       FROM auto_service_part_cross WHERE number_key = %(key)s
                      LIMIT 1000)
                    UNION ALL
                    (SELECT to_brand_id, to_number_key
                       FROM auto_service_part_cross WHERE to_number_key = %(key)s
                      LIMIT 1000)
                    UNION ALL
                    SELECT brand_id, number
                      FROM auto_service_part_alternate WHERE number_key = %(key)s
                    UNION ALL
                    SELECT brand_id, alternate
                      FROM auto_service_part_alternate WHERE alternate_key = %(key)s
                    UNION ALL
                    SELECT brand_id, number
                      FROM auto_service_part_supersession WHERE number_key = %(key)s
                    UNION ALL
                    SELECT to_brand_id, to_number
                      FROM auto_service_part_supersession
                     WHERE to_number_key = %(key)s
                ) AS found
                """,
                key=key,
            )
        )
        for brand_id, number in rows:
            yield brand_id, "", number, "", 0
