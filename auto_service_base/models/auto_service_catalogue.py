import csv

from odoo import api, models
from odoo.fields import Command, Domain
from odoo.tools import file_open

FOLDER = "auto_service_base/data/catalogue"
PRICE_CURRENCY = "EUR"  # of products.csv


class AutoServiceCatalogue(models.AbstractModel):
    """The starter catalogue: own operations, packages and plans to begin with.

    It is read from ``data/catalogue``, never at the installation. What is there already
    - found by its code, or by its name where there is none - stays as it is, so the
    catalogue can be loaded again after an upgrade and brings only what is new.
    """

    _name = "auto.service.catalogue"
    _description = "Starter Catalogue"

    @api.model
    def _load(self, packages=True, plans=True):
        """Create what the catalogue has and the database has not.

        Called by the button and by the demo garage.

        :param bool packages: load packages and the fluids that they use as well
        :param bool plans: load maintenance plans as well
        :return: dict of model name to the records that were created
        """
        created = {
            "auto.service.operation.category": self._load_categories(),
            "auto.service.part.group": self._load_named("part_groups"),
            "auto.service.skill": self._load_named("skills"),
            "auto.service.operation": self._load_operations(),
        }
        new = created["auto.service.operation"]
        created["auto.service.labour.relation"] = self._load_relations(new)
        if packages:
            created["product.product"] = self._load_products()
            created["auto.service.package"] = self._load_packages()
        if plans:
            created["auto.service.maintenance.plan"] = self._load_plans()
        return created

    # Files ----------------------------------------------------------------------

    @api.model
    def _read_rows(self, name):
        """Rows of one file of the catalogue; override to bring another catalogue.

        :param str name: file name without ending
        :return: list of dicts
        """
        with file_open(f"{FOLDER}/{name}.csv") as stream:
            return list(csv.DictReader(stream))

    @api.model
    def _get_number(self, row, name):
        return float(row[name] or 0)

    # Texts ----------------------------------------------------------------------

    @api.model
    def _get_columns_of_languages(self):
        """Languages of the database that the catalogue may have a column for.

        :return: dict of language code to ending of the column
        """
        return {
            code: f"_{code.split('_')[0]}"
            for code, _name in self.env["res.lang"].get_installed()
            if not code.startswith("en")
        }

    @api.model
    def _translate(self, pairs):
        """Put the names in every language of the database on new records.

        :param list pairs: records with their rows
        """
        endings = self._get_columns_of_languages()
        for record, row in pairs:
            texts = {
                code: row[f"name{ending}"]
                for code, ending in endings.items()
                if row.get(f"name{ending}")
            }
            if texts:
                record.update_field_translations("name", texts)

    @api.model
    def _get_text(self, row, name):
        """Text of a field that is not translated, in the language of the user."""
        ending = f"_{(self.env.lang or 'en_US').split('_')[0]}"
        return row.get(f"{name}{ending}") or row[name]

    # Records --------------------------------------------------------------------

    @api.model
    def _create_missing(self, model, rows, prepare, key="code"):
        """Create the records of ``rows`` that are not there yet.

        Archived ones count as being there: somebody did not want them.

        :param str model: technical name
        :param list rows: dicts of a file
        :param prepare: function from a row to the values of its record
        :param str key: field, and column, that tells records apart
        :return: tuple of the new records and of a dict of key to record, old ones too
        """
        records = self.env[model].with_context(lang="en_US", active_test=False)
        keys = [row["name" if key == "name" else "code"] for row in rows]
        found = records.search(self._get_domain(model, keys, key))
        known = {record[key]: record for record in found}
        wanted = {
            name: row for name, row in zip(keys, rows, strict=True) if name not in known
        }
        new = records.create([prepare(row) for row in wanted.values()])
        self._translate(zip(new, wanted.values(), strict=True))
        known.update(zip(wanted, new, strict=True))
        return new, known

    @api.model
    def _load_named(self, name):
        """Groups of parts and skills: a name is all they have.

        :param str name: file name without ending
        :return: new records
        """
        model = {
            "part_groups": "auto.service.part.group",
            "skills": "auto.service.skill",
        }[name]
        new, _known = self._create_missing(
            model, self._read_rows(name), lambda row: {"name": row["name"]}, "name"
        )
        return new

    @api.model
    def _find(self, model, names, key="code"):
        """Records by code or English name; archived ones are left out.

        :return: dict of key to record
        """
        records = self.env[model].with_context(lang="en_US")
        found = records.search(self._get_domain(model, list(names), key))
        return {record[key]: record for record in reversed(found)}

    @api.model
    def _get_domain(self, model, names, key):
        """Records with these codes that the company may use."""
        domain = Domain(key, "in", names)
        if "company_id" in self.env[model]._fields:
            domain &= Domain("company_id", "in", [False, self.env.company.id])
        return domain

    @api.model
    def _load_categories(self):
        rows = self._read_rows("categories")
        new, known = self._create_missing(
            "auto.service.operation.category",
            rows,
            lambda row: {
                "code": row["code"],
                "name": row["name"],
                "sequence": int(row["sequence"]),
            },
        )
        for row in rows:
            if row["parent"] and known[row["code"]] in new:
                known[row["code"]].parent_id = known[row["parent"]]
        return new

    # Operations -----------------------------------------------------------------

    @api.model
    def _load_operations(self):
        rows = self._read_rows("operations")
        categories = self._find(
            "auto.service.operation.category", {row["category"] for row in rows}
        )
        tags = {
            name: self._find(model, self._get_names(rows, name), "name")
            for name, model in (
                ("part_groups", "auto.service.part.group"),
                ("skills", "auto.service.skill"),
            )
        }
        new, _known = self._create_missing(
            "auto.service.operation",
            rows,
            lambda row: self._prepare_operation(row, categories, tags),
        )
        return new

    @api.model
    def _get_names(self, rows, column):
        """All names in a column that holds several of them."""
        return {name for row in rows for name in row[column].split(",") if name}

    @api.model
    def _prepare_operation(self, row, categories, tags):
        """Values of a new operation.

        :param dict categories: records by code
        :param dict tags: of ``part_groups`` and ``skills``: records by name
        """
        category = categories.get(row["category"])
        values = {
            "code": row["code"],
            "name": row["name"],
            "category_id": category and category.id,
            "labour_category": row["labour_category"],
            "kind": row["kind"],
            "hours": self._get_number(row, "hours"),
            "skill_level": row["skill_level"],
        }
        for column, field in (
            ("part_groups", "part_group_ids"),
            ("skills", "skill_ids"),
        ):
            names = [name for name in row[column].split(",") if name in tags[column]]
            values[field] = [Command.set([tags[column][name].id for name in names])]
        return values

    @api.model
    def _load_relations(self, new):
        """Relations in which a new operation takes part.

        Operations that were there before have the relations that their owner wants.

        :param new: auto.service.operation records that were just created
        """
        relations = self.env["auto.service.labour.relation"]
        if not new:
            return relations
        rows = self._read_rows("relations")
        codes = {row[name] for row in rows for name in ("operation", "other")}
        operations = self._find("auto.service.operation", codes)
        values = [
            self._prepare_relation(row, operations)
            for row in rows
            if row["operation"] in operations
            and (not row["other"] or row["other"] in operations)
        ]
        return relations.create(
            [
                vals
                for vals in values
                if {vals["operation_id"], vals["other_operation_id"]} & set(new.ids)
            ]
        )

    @api.model
    def _prepare_relation(self, row, operations):
        """Values of a new relation.

        :param dict operations: records by code
        """
        other = operations.get(row["other"])
        return {
            "operation_id": operations[row["operation"]].id,
            "kind": row["kind"],
            "other_operation_id": other.id if other else False,
            "hours": self._get_number(row, "hours"),
            "condition": self._get_text(row, "condition") or False,
        }
