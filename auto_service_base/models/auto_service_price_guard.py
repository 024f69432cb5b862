from odoo import api, models

PRICE_FIELDS = frozenset(
    {
        "avg_cost",
        "base_price",
        "base_unit_price",
        "compare_list_price",
        "default_extra_price",
        "extra_price",
        "list_price",
        "lst_price",
        "price",
        "price_extra",
        "standard_price",
        "tax_string",
        "total_value",
    }
)


class AutoServicePriceGuard(models.AbstractModel):
    """Keeps price fields of a model from people who are technicians only.

    Reading, searching, sorting and grouping by such a field is refused, and views
    come without it. In sudo, and for everybody else, nothing changes.
    """

    _name = "auto.service.price.guard"
    _description = "Prices Kept from Technicians"

    @api.model
    def _has_field_access(self, field, operation):
        if (
            field.name in PRICE_FIELDS
            and not self.env.su
            and self.env.user.is_kept_from_prices()
        ):
            return False
        return super()._has_field_access(field, operation)

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return key + (self.env.user.is_kept_from_prices(),)

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        if self.env.user.is_kept_from_prices():
            self._remove_prices(arch)
        return arch, view

    @api.model
    def _remove_prices(self, arch):
        """Take the price fields of this model and their labels off a view.

        :param arch: etree node of the view, changed in place
        """
        for node in arch.xpath("//field[@name] | //label[@for]"):
            name = node.get("name") if node.tag == "field" else node.get("for")
            in_subview = node.xpath("ancestor::field")
            if name in PRICE_FIELDS and name in self._fields and not in_subview:
                node.getparent().remove(node)
