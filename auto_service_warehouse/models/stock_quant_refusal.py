from odoo import models

#: Transfers that a sentence names before it says that there are more.
MAX_NAMES = 3
#: Parts that a refusal names.
MAX_SENTENCES = 5


class StockQuant(models.Model):
    _inherit = "stock.quant"

    def _get_refusal(self, problems, before, after, line_ids):
        """Say why the action is refused, and what to do instead.

        :param problems: list of (shelf, kind, pieces missing), see StockScope
        :param dict before: what is on the shelves
        :param dict after: what would be on the shelves
        :param line_ids: move lines that the refused action is about
        :return: text
        """
        refused = {}
        for shelf, kind, _more in problems:
            refused[shelf] = min(kind, refused.get(shelf, kind))
        sentences = []
        for shelf, kind in list(refused.items())[:MAX_SENTENCES]:
            if kind:
                sentences.append(self._get_promised_sentence(shelf, after, line_ids))
            else:
                sentences.append(
                    self._get_missing_sentence(shelf, before.get(shelf, {}), after)
                )
        return "\n".join(sentences)

    def _get_missing_sentence(self, shelf, before, after):
        """More would leave than is there."""
        short = [
            lot
            for lot, (quantity, _reserved) in after[shelf].items()
            if lot and quantity < 0 and quantity < before.get(lot, (0.0, 0.0))[0]
        ]
        lots = self.env["stock.lot"].browse(short)
        there = sum(
            quantity
            for lot, (quantity, _reserved) in before.items()
            if not lot or not lots or lot in lots.ids
        )
        return self._get_too_few_sentence(
            shelf, there, self._get_refusal_names(shelf, lots)
        )

    def _get_too_few_sentence(self, shelf, there, names):
        return self.env._(
            "Only %(there)s of %(part)s in %(place)s. Take less, or receive or count "
            "the part first.",
            there=self._format_pieces(shelf, max(0.0, there)),
            **names,
        )

    def _get_promised_sentence(self, shelf, after, line_ids):
        """More would be reserved than is there."""
        holders = self._get_holders([shelf], line_ids)[shelf]
        there = sum(quantity for quantity, _reserved in after[shelf].values())
        taken = sum(holders.values())
        names = self._get_refusal_names(shelf)
        if not taken:
            return self._get_too_few_sentence(shelf, there, names)
        return self.env._(
            "Only %(free)s of %(part)s free in %(place)s (%(taken)s reserved for "
            "%(holders)s). Take less, or unreserve the other transfer first.",
            free=self._format_pieces(shelf, max(0.0, there - taken)),
            taken=self._format_pieces(shelf, taken),
            holders=self._format_holders(holders),
            **names,
        )

    def _get_refusal_names(self, shelf, lots=()):
        """Values of the sentences: part and place."""
        product = self.env["product.product"].browse(shelf[0])
        part = product.display_name
        if lots:
            part = f"{part} ({', '.join(lots.mapped('name'))})"
        return {
            "part": part,
            "place": self.env["stock.location"].browse(shelf[1]).display_name,
        }

    def _format_pieces(self, shelf, quantity):
        """Quantity as text, without needless zeros, and with any unit but pieces."""
        uom = self.env["product.product"].browse(shelf[0]).uom_id
        text = f"{uom.round(quantity):.10g}"
        return (
            text
            if uom == self.env.ref("uom.product_uom_unit")
            else f"{text} {uom.name}"
        )

    def _get_holders(self, shelves, line_ids=()):
        """Who has the pieces of shelves reserved, but for those of the action.

        :param shelves: ids of product, location, package and owner of each
        :return: dict of shelf to dict of name to pieces, the most first
        """
        holders = {shelf: {} for shelf in shelves}
        for shelf, move, quantity in self._read_reservations(shelves, line_ids):
            if shelf in holders:
                name = move._get_holder_name()
                names = holders[shelf]
                names[name] = names.get(name, 0.0) + quantity
        return {
            shelf: dict(sorted(names.items(), key=lambda item: -item[1]))
            for shelf, names in holders.items()
        }

    def _read_reservations(self, shelves, line_ids):
        """Reserved pieces by shelf and move, all of them with one query."""
        groups = self.env["stock.move.line"]._read_group(
            [
                ("product_id", "in", [shelf[0] for shelf in shelves]),
                ("location_id", "in", [shelf[1] for shelf in shelves]),
                ("state", "not in", ("draft", "done", "cancel")),
                ("quantity_product_uom", ">", 0),
                ("id", "not in", list(line_ids)),
            ],
            ["product_id", "location_id", "package_id", "owner_id", "move_id"],
            ["quantity_product_uom:sum"],
        )
        for *shelf, move, quantity in groups:
            yield tuple(record.id or None for record in shelf), move, quantity

    def _format_holders(self, holders):
        names = list(holders)
        if len(names) <= MAX_NAMES:
            return ", ".join(names)
        return self.env._(
            "%(names)s and %(count)s more",
            names=", ".join(names[:MAX_NAMES]),
            count=len(names) - MAX_NAMES,
        )
