from odoo import api, models
from odoo.tools import SQL

from odoo.addons.auto_service_parts.tools.part_number import number_key

#: What is typed is a number from so many letters and digits on.
MIN_KEY = 3
#: Equivalents that one screen shows.
MAX_EQUIVALENTS = 30


class AutoServicePartBalance(models.AbstractModel):
    """Parts by any of their numbers, and what stands for them and is in stock."""

    _inherit = "auto.service.part.balance"

    @api.model
    def get_balance(self, product_id, params=None):
        balance = super().get_balance(product_id, params)
        balance["has_equivalents"] = True
        return balance

    # --- the box

    @api.model
    def _find_parts(self, text, limit):
        """Any number in any spelling first, then as without numbers.

        What only stands for the number is found, too, when the number is a whole one;
        the note says for what.
        """
        notes = self._find_by_number(text, limit)
        if len(notes) < limit:
            for product_id, note in super()._find_parts(text, limit).items():
                notes.setdefault(product_id, note)
        return dict(list(notes.items())[:limit])

    @api.model
    def _find_by_number(self, text, limit):
        """Products with the number, what stands for it, and longer numbers.

        :return: dict of notes by product id
        """
        key = number_key(text)
        products = self.env["product.product"]
        if len(key) < MIN_KEY or not any(char.isdigit() for char in key):
            return {}
        notes = dict.fromkeys(self._get_own_ids(key), "")
        for product_id in products._find_by_number(text):
            notes.setdefault(
                product_id, self.env._("stands for %(number)s", number=text)
            )
        if len(notes) < limit:
            for product_id, number in self._get_longer_numbers(key, limit):
                notes.setdefault(product_id, number)
        return notes

    @api.model
    def _get_own_ids(self, key):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT product_id FROM auto_service_part_number
                 WHERE number_key = %s ORDER BY product_id
                """,
                key,
            )
        )
        return [product_id for (product_id,) in rows]

    @api.model
    def _get_longer_numbers(self, key, limit):
        """Products whose numbers begin so, by an index in the order of bytes."""
        return self.env.execute_query(
            SQL(
                """
                SELECT product_id, number FROM auto_service_part_number
                 WHERE number_key LIKE %(start)s
                 ORDER BY number_key USING ~<~ LIMIT %(limit)s
                """,
                start=f"{key}%",
                limit=limit * 2,
            )
        )

    # --- what else would do

    @api.model
    def get_equivalents(self, product_id):
        """Parts that stand for the part and are in stock, the most of them first.

        :param int product_id: of product.product
        :return: list as of ``search_parts``; ``note`` tells the way from number to
            number
        """
        self._get_rights()
        self.env.flush_all()
        matches = self._get_equivalent_matches(product_id)
        if not matches:
            return []
        finder = self.env["auto.service.part.finder"]
        found = finder._find_own_products(matches, self.env.company)
        found.pop(product_id, None)
        rows = self._fetch(self._select_found(list(found)))
        rows.sort(key=lambda row: -row["free"])
        return [
            {**row, "note": found[row["id"]].note}
            for row in rows[:MAX_EQUIVALENTS]
            if row["on_hand"] > 0
        ]

    @api.model
    def _get_equivalent_matches(self, product_id):
        """What may be offered instead of the product, as enquiries know it."""
        # Everybody in the garage may know the number of a part.
        product_sudo = self.env["product.product"].sudo().browse(product_id)
        brand = product_sudo.part_brand_id
        number = number_key(product_sudo.part_number or "")
        if not brand or not number:
            return []
        return self.env["auto.service.part.finder"]._get_matches(
            brand.id, brand.name_key, number
        )
