from time import monotonic

from odoo import models

from ..tools.offer_place import OfferPlace, OfferPlaces
from ..tools.part_number import brand_key


class AutoServicePartsEnquiry(models.Model):
    """Own stock and price lists: asked in the transaction of the user."""

    _inherit = "auto.service.parts.enquiry"

    def _get_matches(self):
        """Numbers that answer the question, the one asked for first.

        :return: list of PartMatch
        """
        self.ensure_one()
        return self.env["auto.service.part.finder"]._get_matches(
            self.brand_id.id,
            brand_key(self.brand_name),
            self.number_key,
            with_crosses=self.is_with_crosses,
        )

    def _get_places(self, partner):
        """Where offers of a supplier belong: the matches as a look-up.

        :param partner: res.partner record, who has his own names of brands
        """
        resolve = self.env["auto.service.part.brand"]._resolve_key
        return OfferPlaces(
            self._get_matches(),
            lambda key: resolve(key, partner.id),
            self.is_with_crosses,
        )

    def _ask_local(self):
        """Ask own stock and all price lists, and keep what they offer."""
        self.ensure_one()
        began = monotonic()
        finder = self.env["auto.service.part.finder"]
        found = {"own": [], "list": []}
        for match, kind, record, plain in finder._find_offers(
            self._get_matches(), self.company_id
        ):
            place = OfferPlace(
                match.found_by, match.rank, match.note, match.brand_id or None
            )
            found[kind].append((place, record, plain))
        milliseconds = round((monotonic() - began) * 1000)
        for kind, rows in found.items():
            source = self._create_local_source(kind, len(rows), milliseconds)
            self.env["auto.service.parts.offer"]._store(source, rows)
        self._take_part_name()

    def _create_local_source(self, kind, count, milliseconds):
        """The answer of own stock, or of all price lists.

        :param str kind: ``own`` or ``list``
        :param int count: offers
        """
        name = self.env._("Own stock") if kind == "own" else self.env._("Price lists")
        return self.source_ids.sudo().create(
            {
                "enquiry_id": self.id,
                "kind": kind,
                "name": name,
                "sequence": 1 if kind == "own" else 2,
                "state": "done" if count else "empty",
                "offer_count": count,
                "milliseconds": milliseconds,
            }
        )

    def _take_part_name(self):
        """What the part is: the first name among the offers of the number itself."""
        self.ensure_one()
        if not self.part_name:
            offer = self.offer_ids.search_fetch(
                [
                    ("enquiry_id", "=", self.id),
                    ("rank", "=", 0),
                    ("name", "not in", (False, "")),
                ],
                ["name"],
                order="id",
                limit=1,
            )
            if offer:
                self.sudo().part_name = offer.name
