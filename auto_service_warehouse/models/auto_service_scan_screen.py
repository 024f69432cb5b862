from odoo import api, models


class AutoServiceScan(models.AbstractModel):
    """Pieces of the screen that several modes show."""

    _inherit = "auto.service.scan"

    @api.model
    def _name_part(self, product):
        """Name of a part without its number, which has a place of its own."""
        return product.with_context(display_default_code=False).display_name

    @api.model
    def _name_place(self, location):
        """Short name of a bin: "A-01-02", but "WH/Stock" for the warehouse itself."""
        location = location.sudo()
        parent = location.location_id
        is_main = not parent or parent.usage == "view"
        return location.complete_name if is_main else location.name

    @api.model
    def _line(self, key, product, done=0.0, todo=0.0, **values):
        """Row of a part.

        :param key: what tells the row from others
        :param float done: pieces that were scanned, in the unit of the part
        :param float todo: pieces that are wanted, 0.0 when nobody knows
        :param values: note, place, and ``set`` with the name of the button that takes
            a typed quantity
        """
        unit = product.uom_id
        order = unit.compare(done, todo) if todo else 0
        tone = "over" if order > 0 else "done" if todo and order == 0 else "open"
        return {
            "key": key,
            "name": self._name_part(product),
            "number": product.default_code or "",
            "done": unit.round(done),
            "todo": unit.round(todo),
            "unit": self._name_unit(unit),
            "note": "",
            "place": "",
            "tone": tone,
            "set": "",
            **values,
        }

    @api.model
    def _button(self, action, label, style="secondary", icon="", **args):
        """Big button that sends ``action`` with ``args``."""
        return {
            "action": action,
            "label": label,
            "style": style,
            "icon": icon,
            "args": args,
        }

    @api.model
    def _chip(self, icon, text, action=""):
        """What was chosen: a bin, a work order; pressing it chooses anew."""
        return {"icon": icon, "text": text, "action": action}

    @api.model
    def _fact(self, label, value, tone=""):
        """A figure that is looked up."""
        return {"label": label, "value": value, "tone": tone}

    @api.model
    def _format_pieces(self, product, quantity):
        """Quantity as text without needless zeros: "2", "1.5 L"."""
        unit = product.uom_id
        return f"{unit.round(quantity):.10g} {self._name_unit(unit)}".strip()

    @api.model
    def _name_unit(self, unit):
        """Name of a unit; nothing for pieces, which need no name."""
        is_piece = unit == self.env.ref("uom.product_uom_unit", False)
        return "" if is_piece else unit.name

    @api.model
    def _get_bin(self, state, key):
        """Bin of the state, as the user may see it."""
        return self.env["stock.location"].browse(state.get(key) or [])
