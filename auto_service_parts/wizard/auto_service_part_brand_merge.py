from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

#: Tables in which two rows may become the same: columns of brands, and the others that
#: make a row unique.
UNIQUE = {
    "auto.service.part.cross": (
        ("brand_id", "to_brand_id"),
        ("number_key", "to_number_key", "source_id"),
    ),
    "auto.service.part.supersession": (
        ("brand_id", "to_brand_id"),
        ("number_key", "to_number_key"),
    ),
    "auto.service.part.alternate": (("brand_id",), ("number_key", "alternate_key")),
    "auto.service.part.kit.line": (
        ("brand_id", "kit_brand_id"),
        ("number_key", "kit_number_key"),
    ),
}


class AutoServicePartBrandMerge(models.TransientModel):
    """Two entries of the same brand become one; the names of both stay."""

    _name = "auto.service.part.brand.merge"
    _description = "Merge Brands"

    brand_ids = fields.Many2many(
        "auto.service.part.brand",
        string="Brands",
        required=True,
        help="Entries of one and the same brand.",
    )
    target_id = fields.Many2one(
        "auto.service.part.brand",
        string="Keep",
        required=True,
        domain="[('id', 'in', brand_ids)]",
        help="Brand that stays. The names of the others become its other names, and "
        "everything they have moves to it.",
    )

    @api.model
    def default_get(self, fields):
        """Take the brands that are selected in the list."""
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "auto.service.part.brand":
            ids = self.env.context.get("active_ids") or []
            values.setdefault("brand_ids", ids)
            values.setdefault("target_id", ids[:1] and ids[0])
        return values

    def action_merge(self):
        """Merge and open the brand that stays.

        :return: act_window action
        """
        self.ensure_one()
        others = self.brand_ids - self.target_id
        if self.target_id not in self.brand_ids or not others:
            raise UserError(
                self.env._(
                    "Choose at least two brands, and which of them to keep: "
                    "%(brands)s.",
                    brands=", ".join(self.brand_ids.mapped("name")),
                )
            )
        self._check_products(others)
        self.env.flush_all()
        self._move_everything(others)
        self.env.invalidate_all()
        self._take_names(others)
        action = self.target_id.get_formview_action()
        return {**action, "target": "main"}

    def _check_products(self, others):
        """The same number at two of the brands means two products of the same part."""
        numbers = self.env["auto.service.part.number"].sudo()
        groups = numbers._read_group(
            [
                ("kind", "=", "main"),
                ("brand_id", "in", (others | self.target_id).ids),
            ],
            ["number_key", "company_id"],
            ["product_id:recordset"],
            having=[("__count", ">", 1)],
        )
        if groups:
            products = self.env["product.product"].union(*(row[2] for row in groups))
            raise UserError(
                self.env._(
                    "These products would have the same brand and number: "
                    "%(products)s. Archive or change one of each pair first; an "
                    "archived one needs its number removed.",
                    products=", ".join(products.mapped("display_name")),
                )
            )

    def _move_everything(self, others):
        """Every record that names one of the others names the brand that stays."""
        for model_name, (brands, keys) in UNIQUE.items():
            self._delete_doubles(self.env[model_name]._table, brands, keys, others)
        for model in self.env.registry.values():
            if not model._auto or model._abstract or not model._table:
                continue
            for field in model._fields.values():
                is_link = field.type == "many2one" and field.store and field.column_type
                if is_link and field.comodel_name == "auto.service.part.brand":
                    self._move(model._table, field.name, others)

    def _move(self, table, column, others):
        self.env.cr.execute(
            SQL(
                "UPDATE %(table)s SET %(column)s = %(target)s"
                " WHERE %(column)s IN %(others)s",
                table=SQL.identifier(table),
                column=SQL.identifier(column),
                target=self.target_id.id,
                others=tuple(others.ids),
            )
        )

    def _delete_doubles(self, table, brands, keys, others):
        """Rows that would say the same twice, or that a part is like itself."""
        everyone = (*others.ids, self.target_id.id)
        same = [self._get_same_brand(column, everyone) for column in brands]
        same += [SQL("a.%(c)s = b.%(c)s", c=SQL.identifier(column)) for column in keys]
        touched = [
            SQL("a.%s IN %s", SQL.identifier(column), everyone) for column in brands
        ]
        self.env.cr.execute(
            SQL(
                "DELETE FROM %(table)s a USING %(table)s b"
                " WHERE a.id > b.id AND (%(touched)s) AND %(same)s",
                table=SQL.identifier(table),
                touched=SQL(" OR ").join(touched),
                same=SQL(" AND ").join(same),
            )
        )
        if "to_brand_id" in brands:
            self.env.cr.execute(
                SQL(
                    "DELETE FROM %(table)s WHERE number_key = to_number_key"
                    " AND brand_id IN %(all)s AND to_brand_id IN %(all)s",
                    table=SQL.identifier(table),
                    all=everyone,
                )
            )

    def _get_same_brand(self, column, everyone):
        """Whether both rows will name the same brand."""
        return SQL(
            "(a.%(c)s = b.%(c)s OR (a.%(c)s IN %(all)s AND b.%(c)s IN %(all)s))",
            c=SQL.identifier(column),
            all=everyone,
        )

    def _take_names(self, others):
        """Names of the others become other names of the brand that stays."""
        names = others.mapped("name")
        others.unlink()
        self.env["auto.service.part.brand.alias"].create(
            [{"brand_id": self.target_id.id, "name": name} for name in names]
        )
