from odoo import models

#: Transfers that a sentence names before it says "and more".
MAX_NAMES = 3
MAX_SENTENCES = 5


class StockQuant(models.Model):
    _inherit = "stock.quant"

    def _get_refusal(self, problems, after):
        """Say why the action is refused, and what to do instead.

        :param problems: list of (shelf, kind, pieces missing), see StockScope
        :param dict after: what would be on the shelves
        :return: text
        """
        sentences = []
        for shelf, kind, more in problems[:MAX_SENTENCES]:
            if kind and any(s == shelf and not k for s, k, _more in problems):
                continue
            sentences.append(self._get_refusal_sentence(shelf, kind, more, after))
        return "\n".join(sentences)

    def _get_refusal_sentence(self, shelf, kind, more, after):
        product = self.env["product.product"].browse(shelf[0])
        location = self.env["stock.location"].browse(shelf[1])
        quantity = sum(level[0] for level in after[shelf].values())
        reserved = sum(level[1] for level in after[shelf].values())
        values = {
            "part": product.display_name,
            "place": location.display_name,
            "unit": product.uom_id.name,
            "missing": self._format_pieces(product, more),
        }
        if not kind:
            return self.env._(
                "%(missing)s %(unit)s of %(part)s are missing in %(place)s: nothing "
                "can leave that is not there. Receive or count it first, or take less.",
                **values,
            )
        return self.env._(
            "%(missing)s %(unit)s of %(part)s are missing in %(place)s: of %(there)s "
            "there, %(reserved)s would be reserved (%(names)s). Take less, or free the "
            "reservation of another transfer first.",
            **values,
            there=self._format_pieces(product, quantity),
            reserved=self._format_pieces(product, reserved),
            names=self._get_holder_names(shelf),
        )

    def _format_pieces(self, product, quantity):
        """Quantity as text, without needless zeros."""
        return f"{product.uom_id.round(quantity):.10g}"

    def _get_holder_names(self, shelf):
        """Transfers that have the pieces of the shelf reserved, as text."""
        product_id, location_id, package_id, owner_id = shelf
        groups = self.env["stock.move.line"]._read_group(
            [
                ("product_id", "=", product_id),
                ("location_id", "=", location_id),
                ("package_id", "=", package_id or False),
                ("owner_id", "=", owner_id or False),
                ("state", "not in", ("draft", "done", "cancel")),
                ("quantity_product_uom", ">", 0),
            ],
            ["picking_id"],
        )
        names = [picking._get_holder_name() for (picking,) in groups if picking]
        more = ["…"] if len(names) > MAX_NAMES else []
        return ", ".join(names[:MAX_NAMES] + more)
