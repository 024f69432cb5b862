from odoo import api, fields, models, tools

from ..tools.part_number import brand_key


class AutoServicePartBrand(models.Model):
    """A maker of parts, or of vehicles, under the one name that the garage uses."""

    _name = "auto.service.part.brand"
    _description = "Brand of Parts"
    _order = "name, id"

    name = fields.Char(required=True, help="Name of the brand, “Bosch” for example.")
    name_key = fields.Char(
        compute="_compute_name_key",
        store=True,
        precompute=True,
        export_string_translation=False,
        help="The name as it is compared: capitals, letters and digits only.",
    )
    is_vehicle_maker = fields.Boolean(
        string="Makes vehicles",
        help="Its numbers are original numbers, those of the maker of the vehicle.",
    )
    alias_ids = fields.One2many(
        "auto.service.part.brand.alias",
        "brand_id",
        string="Other names",
        help="How suppliers write the brand.",
    )
    alias_names = fields.Char(
        string="Also written",
        compute="_compute_alias_names",
        help="The other names in one line.",
    )
    active = fields.Boolean(
        default=True, help="An archived brand is not offered any more."
    )

    _name_uniq = models.UniqueIndex(
        "(name_key)",
        "There is a brand of this name already. Use it, or add the name to its other "
        "names.",
    )

    _key_not_empty = models.Constraint(
        "CHECK (name_key <> '')", "The name of a brand has letters or digits."
    )

    @api.depends("name")
    def _compute_name_key(self):
        for brand in self:
            brand.name_key = brand_key(brand.name)

    @api.depends("alias_ids.name", "alias_ids.partner_id")
    def _compute_alias_names(self):
        for brand in self:
            names = brand.alias_ids.filtered(lambda it: not it.partner_id)
            brand.alias_names = ", ".join(names.mapped("name"))

    @api.model_create_multi
    def create(self, vals_list):
        brands = super().create(vals_list)
        brands._on_names_changed()
        return brands

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys().isdisjoint(("name", "active")):
            self._on_names_changed()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _search_display_name(self, operator, value):
        """A brand is found by each of its names, in any spelling."""
        domain = fields.Domain(super()._search_display_name(operator, value))
        if operator not in ("ilike", "like", "=", "in") or not value:
            return domain
        names = [value] if isinstance(value, str) else value
        keys = {brand_key(name) for name in names if isinstance(name, str)} - {""}
        if operator in ("=", "in"):
            return domain | self._get_keys_domain("in", list(keys))
        return fields.Domain.OR(
            [domain, *(self._get_keys_domain("like", key) for key in keys)]
        )

    @api.model
    def _get_keys_domain(self, operator, key):
        """Brands one of whose names, as it is compared, is like the key."""
        aliases = fields.Domain("alias_ids.name_key", operator, key)
        return aliases | fields.Domain("name_key", operator, key)

    def _on_names_changed(self):
        """Names mean brands from now on: unknown ones with these names are known."""
        self.env.registry.clear_cache()
        self.env["auto.service.part.brand.unknown"]._forget_known(
            self.mapped("name_key")
        )

    # --- which brand a name means

    @api.model
    @tools.ormcache()
    def _get_name_map(self):
        """Every name that means a brand.

        :return: pair of dicts: brand id by key, and by (supplier id, key)
        """
        self.flush_model(["name_key", "active"])
        self.env["auto.service.part.brand.alias"].flush_model()
        rows = self.env.execute_query(
            tools.SQL(
                """
                SELECT NULL, name_key, id FROM auto_service_part_brand
                UNION ALL
                SELECT partner_id, name_key, brand_id
                  FROM auto_service_part_brand_alias
                 ORDER BY 1 NULLS LAST
                """
            )
        )
        general, special = {}, {}
        for partner_id, key, brand_id in rows:
            if partner_id:
                special[partner_id, key] = brand_id
            else:
                general.setdefault(key, brand_id)
        return general, special

    @api.model
    @tools.ormcache()
    def _get_keys_map(self):
        """Every way to write a brand, whoever does.

        :return: dict of frozenset of keys by brand id
        """
        general, special = self._get_name_map()
        keys = {}
        for key, brand_id in general.items():
            keys.setdefault(brand_id, set()).add(key)
        for (_partner_id, key), brand_id in special.items():
            keys.setdefault(brand_id, set()).add(key)
        return {brand_id: frozenset(names) for brand_id, names in keys.items()}

    @api.model
    def _resolve(self, name, partner_id=False):
        """Brand that is meant by a name, in any spelling.

        :param str name: as somebody writes it, or its key
        :param int partner_id: supplier who writes it; his own names come first
        :return: id of the brand, ``False`` when the name is not known
        """
        return self._resolve_key(brand_key(name), partner_id)

    @api.model
    def _resolve_key(self, key, partner_id=False):
        """As ``_resolve``, of a key."""
        general, special = self._get_name_map()
        return special.get((partner_id, key)) or general.get(key, False)

    @api.model
    def _get_brand_keys(self, brand_id):
        """Every way to write the brand.

        :return: frozenset of keys
        """
        return self._get_keys_map().get(brand_id, frozenset())

    @api.model
    @tools.ormcache()
    def _get_names(self):
        """Names of all brands.

        :return: dict of str by id
        """
        self.flush_model(["name"])
        return dict(
            self.env.execute_query(
                tools.SQL("SELECT id, name FROM auto_service_part_brand")
            )
        )
