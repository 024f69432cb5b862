from odoo import models
from odoo.tools import SQL

from ..tools.labour_basket import Relation, find_cycle
from ..tools.labour_row import Problem
from ..tools.plate import fold
from ..tools.vehicle_match import engine_key
from .auto_service_labour_import_check import MAX_BAD
from .auto_service_labour_relation import CHECKED_KINDS

#: Names of what ``tools/labour_row.py`` says of a vehicle.
VEHICLE_VALUES = (
    *("ktype", "make", "model", "generation", "engine_code"),
    *("capacity_from", "capacity_to", "power_from", "power_to"),
    *("fuel_type", "transmission", "drive", "body", "year_from", "year_to"),
)
TYPE_VALUES = (
    *("generation", "engine_code", "capacity_from", "capacity_to"),
    *("power_from", "power_to", "fuel_type", "transmission", "drive", "body"),
    *("year_from", "year_to"),
)


class AutoServiceLabourImport(models.Model):
    """What the file names is looked up: operations, makes, models, vehicle types.

    A check does not create anything; what the load would create gets a number below
    zero, so that rows can be compared with each other all the same.
    """

    _inherit = "auto.service.labour.import"

    def _resolve(self, is_check):
        """Find or create what the rows speak of.

        :param bool is_check: find only
        :return: dict with the number of new records by kind
        """
        created = {}
        self._resolve_operations(is_check, created)
        self._resolve_vehicles(is_check, created)
        return (
            {name: len(ids) for name, ids in created.items()} if is_check else created
        )

    def _store_resolved(self, kind, rows):
        """Write what was found beside the numbers of the file.

        :param str kind: ``o`` operations, ``v`` vehicles
        :param list rows: tuples (number, record id, problem, field)
        """
        keys = self._get_staging()[1]
        for start in range(0, len(rows), 10_000):
            part = rows[start : start + 10_000]
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE %s key
                       SET record_id = new.record_id, problem = new.problem,
                           field = new.field
                      FROM unnest(%s, %s::integer[], %s::varchar[], %s::varchar[])
                           AS new (number, record_id, problem, field)
                     WHERE key.kind = %s AND key.number = new.number
                    """,
                    keys,
                    *(list(column) for column in zip(*part, strict=True)),
                    kind,
                )
            )

    # Operations

    def _resolve_operations(self, is_check, created):
        wanted = [(number, data) for _k, number, data in self._fetch_key_rows("o")]
        by_code, by_name = self._fetch_operations()
        found, missing = {}, []
        for number, (_key, code, name, *_rest) in wanted:
            record_id = by_code.get(code) if code else by_name.get(fold(name))
            if record_id:
                found[number] = record_id
            else:
                missing.append(number)
        if self.create_operations and missing:
            found.update(self._create_operations(dict(wanted), missing, is_check))
            created["operations"] = [found[number] for number in missing]
        if not is_check:
            revived = self._revive_operations(set(found.values()))
            created["operations"] = [*created.get("operations", []), *revived]
        field = "operation_code"
        self._store_resolved(
            "o",
            [
                (number, found[number], None, None)
                if number in found
                else (number, None, "unknown_operation", field)
                for number, _data in wanted
            ],
        )

    def _fetch_operations(self):
        """Operations of the company by code and by name; archived ones come last.

        :return: pair of dicts to ids
        """
        operations = (
            self.env["auto.service.operation"]
            .with_context(active_test=False)
            .search_fetch(
                [("company_id", "in", (self.company_id.id, False))],
                ["code", "name"],
                order="active, id desc",
            )
        )
        by_code, by_name = {}, {}
        for operation in operations:
            if operation.code:
                by_code[operation.code] = operation.id
            by_name[fold(operation.name)] = operation.id
        return by_code, by_name

    def _revive_operations(self, ids):
        """Operations that were archived only because an import was undone are back.

        :param set ids: operations that the file names
        :return: list of ids
        """
        undone = self.search([("state", "=", "undone")])
        mine = set()
        for data in undone.mapped("created"):
            mine.update((data or {}).get("operations", []))
        operations = self.env["auto.service.operation"].browse(sorted(ids & mine))
        revived = operations.exists().filtered(lambda operation: not operation.active)
        revived.write({"active": True})
        return revived.ids

    def _create_operations(self, wanted, numbers, is_check):
        """Operations that the catalogue lacks.

        :return: dict of number to id
        """
        if is_check:
            return {number: -number for number in numbers}
        categories = self._get_categories({wanted[number][3] for number in numbers})
        records = self.env["auto.service.operation"].create(
            [self._prepare_operation(wanted[number], categories) for number in numbers]
        )
        return dict(zip(numbers, records.ids, strict=True))

    def _prepare_operation(self, data, categories):
        """Values of an operation that the import creates; override to add some."""
        _key, code, name, category, labour_category = data
        return {
            "code": code or False,
            "name": name or code,
            "category_id": categories.get(category),
            "labour_category": labour_category or "mechanical",
            "company_id": self.source_id.company_id.id,
        }

    def _get_categories(self, paths):
        """Categories by the text of the file, "Engine / Timing", made where missing.

        :return: dict of text to id
        """
        categories = self.env["auto.service.operation.category"]
        known = {}
        for category in categories.search_fetch([("active", "=", True)]):
            known[category.parent_id.id, fold(category.name)] = category
            known.setdefault((False, fold(category.code)), category)
        found = {}
        for path in sorted(filter(None, paths)):
            parent = categories
            for name in filter(None, map(str.strip, path.replace(">", "/").split("/"))):
                key = (parent.id, fold(name))
                if key not in known:
                    known[key] = categories.create(
                        {"name": name, "parent_id": parent.id}
                    )
                parent = known[key]
            found[path] = parent.id
        return found

    # Vehicles

    def _resolve_vehicles(self, is_check, created):
        wanted = [
            (number, dict(zip(VEHICLE_VALUES, data, strict=True)))
            for _kind, number, data in self._fetch_key_rows("v")
        ]
        if not wanted:
            return
        problems = self._resolve_makes(wanted, is_check, created)
        known = self._fetch_types()
        missing, keys = {}, {}
        for number, values in wanted:
            if number not in problems:
                keys[number] = self._get_type_key(values)
                if keys[number] not in known:
                    missing.setdefault(keys[number], (number, values))
        if missing and self.create_types:
            created["types"] = self._create_types(missing, known, is_check)
        rows = []
        for number, _values in wanted:
            record_id = known.get(keys.get(number))
            problem = problems.get(number) or ("unknown_type", "model")
            rows.append((number, record_id, *((None, None) if record_id else problem)))
        self._store_resolved("v", rows)

    def _resolve_makes(self, wanted, is_check, created):
        """Put the ids of makes and models into the vehicles.

        :param list wanted: pairs (number, values), changed in place
        :return: dict of number to (problem, field) of those that are unknown
        """
        brands = self._get_brands({v["make"] for _n, v in wanted}, is_check, created)
        pairs = {
            (brands[fold(v["make"])], v["model"])
            for _n, v in wanted
            if v["model"] and fold(v["make"]) in brands
        }
        models_ = self._get_models(pairs, is_check, created)
        problems = {}
        for number, values in wanted:
            make, model = fold(values["make"]), fold(values["model"])
            values["brand_id"] = brands.get(make, 0) if make else 0
            values["model_id"] = (
                models_.get((values["brand_id"], model), 0) if model else 0
            )
            if make and not values["brand_id"]:
                problems[number] = ("unknown_make", "make")
            elif model and not values["model_id"]:
                problems[number] = ("unknown_model", "model")
        return problems

    def _get_brands(self, names, is_check, created):
        """Makes by folded name."""
        brand_model = self.env["fleet.vehicle.model.brand"]
        known = {
            fold(brand.name): brand.id
            for brand in brand_model.with_context(active_test=False).search_fetch(
                [("id", "!=", False)], ["name"], order="active, id desc"
            )
        }
        missing = {fold(name): name for name in names if name}
        missing = {key: name for key, name in missing.items() if key not in known}
        self._add_missing(
            "makes",
            brand_model,
            known,
            {key: {"name": name} for key, name in missing.items()},
            is_check,
            created,
        )
        return known

    def _get_models(self, pairs, is_check, created):
        """Models by id of the make and folded name.

        :param set pairs: pairs (id of the make, name)
        """
        vehicle_model = self.env["fleet.vehicle.model"]
        brand_ids = list({brand_id for brand_id, _name in pairs if brand_id > 0})
        known = {
            (model.brand_id.id, fold(model.name)): model.id
            for model in vehicle_model.with_context(active_test=False).search_fetch(
                [("brand_id", "in", brand_ids)],
                ["name", "brand_id"],
                order="active, id desc",
            )
        }
        missing = {(brand, fold(name)): name for brand, name in pairs}
        values = {
            key: {"brand_id": key[0], "name": name}
            for key, name in missing.items()
            if key not in known
        }
        self._add_missing("models", vehicle_model, known, values, is_check, created)
        return known

    def _add_missing(self, name, model, known, values, is_check, created):
        """Create what is missing, or number it below zero when this is a check.

        :param dict known: of key to id, completed in place
        :param dict values: of key to values of ``create``
        """
        if not values or not self.create_models:
            return
        if is_check:
            ids = [-number for number in range(1, len(values) + 1)]
        else:
            ids = model.create(list(values.values())).ids
        known.update(zip(values, ids, strict=True))
        created[name] = ids

    def _fetch_types(self):
        """Vehicle types that are there already, by what they say of vehicles.

        :return: dict of key to id
        """
        type_model = self.env["auto.service.vehicle.type"]
        type_model.flush_model()
        names = ("id", "ktype", "brand_id", "model_id", *TYPE_VALUES)
        rows = self.env.execute_query_dict(
            SQL(
                "SELECT %s FROM auto_service_vehicle_type"
                " WHERE active AND (category_id IS NULL OR ktype IS NOT NULL)",
                SQL(", ").join(map(SQL.identifier, names)),
            )
        )
        return {self._get_type_key(row): row["id"] for row in rows}

    def _get_type_key(self, values):
        """What makes two types the same; as the table's unique indexes see it.

        :return: tuple
        """
        engine = engine_key(values["engine_code"]) or ""
        if values["ktype"]:
            return (values["ktype"], engine, values["transmission"] or "")
        model_id = values["model_id"] or 0
        rest = [
            values[name] or (0 if name[-3:] in ("_to", "rom") else "")
            for name in TYPE_VALUES[2:]
        ]
        return (
            model_id,
            0 if model_id else values["brand_id"] or 0,
            (values["generation"] or "").upper(),
            engine,
            *rest,
        )

    def _create_types(self, missing, known, is_check):
        """Vehicle types that are not known yet.

        :param dict missing: of key to (number, values)
        :param dict known: of key to id, completed in place
        :return: list of ids
        """
        if is_check:
            ids = [-number for number, _values in missing.values()]
        else:
            vals_list = [self._prepare_type(values) for _n, values in missing.values()]
            ids = self.env["auto.service.vehicle.type"].create(vals_list).ids
        known.update(zip(missing, ids, strict=True))
        return ids

    def _prepare_type(self, values):
        """Values of a vehicle type that the import creates; override to add some."""
        return {
            **{name: values[name] or False for name in TYPE_VALUES},
            "ktype": values["ktype"] or False,
            "brand_id": values["brand_id"] or False,
            "model_id": values["model_id"] or False,
            "origin": self.env._(
                "%(publisher)s, file %(file)s",
                publisher=self.source_id.name,
                file=self.filename or self.id,
            ),
        }

    # ------------------------------------------------------------------
    # Rows that cannot be taken, seen only now
    # ------------------------------------------------------------------

    def _refuse_lines(self, query, code, field=""):
        """Take the lines that a query finds out of the table, and say why.

        :param SQL query: for (line, value)
        """
        rows, _keys = self._get_staging()
        found = self.env.execute_query(
            SQL(
                """
                WITH bad AS (%s)
                DELETE FROM %s row USING bad WHERE row.line = bad.line
             RETURNING bad.line, bad.value
                """,
                query,
                rows,
            )
        )
        self._add_problems(
            [Problem(line, field, value, code) for line, value in sorted(found)]
        )
        self.bad_count += len(found)

    def _refuse_unresolved(self):
        """Rows with an operation or a vehicle that is not there and not created."""
        rows, keys = self._get_staging()
        found = self.env.execute_query(
            SQL(
                "SELECT DISTINCT kind, problem, field FROM %s WHERE problem <> ''", keys
            )
        )
        for kind, problem, field in found:
            column = SQL("row.operation") if kind == "o" else SQL("row.vehicle")
            value = {"o": 0, "v": 1 if problem == "unknown_make" else 2}[kind]
            others = SQL("OR row.other = key.number") if kind == "o" else SQL()
            query = SQL(
                """
                SELECT DISTINCT ON (row.line) row.line, key.data ->> %s AS value
                  FROM %s row
                  JOIN %s key ON key.kind = %s AND key.problem = %s
                             AND (key.number = %s %s)
                """,
                value,
                rows,
                keys,
                kind,
                problem,
                column,
                others,
            )
            self._refuse_lines(query, problem, field)

    def _get_resolved(self):
        """Query for the rows with the records that they are about."""
        rows, keys = self._get_staging()
        return SQL(
            """
            SELECT row.*, o.record_id AS operation_id, v.record_id AS vehicle_type_id,
                   daterange(row.valid_from, row.valid_to, '[]') AS days
              FROM %(rows)s row
              JOIN %(keys)s o ON o.kind = 'o' AND o.number = row.operation
         LEFT JOIN %(keys)s v ON v.kind = 'v' AND v.number = row.vehicle
            """,
            rows=rows,
            keys=keys,
        )

    def _refuse_conflicts(self):
        """Rows that say two things about the same, in the file or with the database."""
        same = SQL("operation_id, COALESCE(vehicle_type_id, 0), kind")
        start = SQL("COALESCE(valid_from, DATE '0001-01-01')")
        self.env.cr.execute("SET LOCAL work_mem = '128MB'")
        self._refuse_lines(
            SQL(
                """
                SELECT row.line, NULL AS value
                  FROM (%(rows)s) row
                  JOIN (
                     SELECT %(same)s, %(start)s, min(line)
                       FROM (%(rows)s) row WHERE kind <> ''
                   GROUP BY 1, 2, 3, 4 HAVING count(*) > 1
                  ) twice (operation_id, type_id, kind, start, first)
                    ON twice.operation_id = row.operation_id
                   AND twice.type_id = COALESCE(row.vehicle_type_id, 0)
                   AND twice.kind = row.kind AND twice.start = %(start)s
                   AND twice.first <> row.line
                """,
                rows=self._get_resolved(),
                same=same,
                start=start,
            ),
            "duplicate",
        )
        dated = SQL("(valid_from IS NOT NULL OR valid_to IS NOT NULL)")
        self._refuse_lines(
            SQL(
                """
                SELECT line, value
                  FROM (
                    SELECT line, concat_ws(' – ', valid_from, valid_to) AS value,
                           COALESCE(valid_from, '-infinity') AS start,
                           max(COALESCE(valid_to, 'infinity')) OVER (
                               PARTITION BY %(same)s
                               ORDER BY %(start)s, line
                               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                           ) AS until_before
                      FROM (%(rows)s) row WHERE kind <> '' AND %(dated)s
                  ) dated
                 WHERE until_before >= start
                """,
                rows=self._get_resolved(),
                same=same,
                start=start,
                dated=dated,
            ),
            "overlap",
            "valid_from",
        )
        if self.existing != "full":
            self._refuse_overlaps_database()

    def _refuse_overlaps_database(self):
        """Dated rows that meet other days of a time which stays."""
        self._refuse_lines(
            SQL(
                """
                SELECT DISTINCT row.line,
                       concat_ws(' – ', row.valid_from, row.valid_to) AS value
                  FROM (%s) row
                  JOIN auto_service_labour_time old
                    ON old.active AND old.source_id = %s AND old.kind = row.kind
                   AND old.operation_id = row.operation_id
                   AND COALESCE(old.vehicle_type_id, 0)
                       = COALESCE(row.vehicle_type_id, 0)
                   AND daterange(old.valid_from, old.valid_to, '[]') && row.days
                   AND (old.valid_from IS NOT NULL OR old.valid_to IS NOT NULL)
                   AND COALESCE(old.valid_from, DATE '0001-01-01')
                       <> COALESCE(row.valid_from, DATE '0001-01-01')
                 WHERE row.valid_from IS NOT NULL OR row.valid_to IS NOT NULL
                """,
                self._get_resolved(),
                self.source_id.id,
            ),
            "overlap_database",
            "valid_from",
        )

    # Relations

    def _fetch_relations(self):
        """Relations of the file that the database does not have yet.

        :return: list of dicts
        """
        _rows, keys = self._get_staging()
        self.env["auto.service.labour.relation"].flush_model()
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT DISTINCT ON (row.operation_id, other.record_id, row.relation,
                                    row.vehicle_type_id, row.condition)
                       row.line, row.operation_id, row.relation AS kind,
                       other.record_id AS other_operation_id, row.vehicle_type_id,
                       row.relation_hours AS hours, row.condition
                  FROM (%(rows)s) row
             LEFT JOIN %(keys)s other ON other.kind = 'o' AND other.number = row.other
                 WHERE row.relation <> '' AND NOT EXISTS (
                    SELECT 1 FROM auto_service_labour_relation old
                     WHERE old.active AND old.operation_id = row.operation_id
                       AND old.kind = row.relation
                       AND COALESCE(old.other_operation_id, 0)
                           = COALESCE(other.record_id, 0)
                       AND COALESCE(old.vehicle_type_id, 0)
                           = COALESCE(row.vehicle_type_id, 0)
                       AND COALESCE(old.condition, '') = COALESCE(row.condition, '')
                 )
              ORDER BY row.operation_id, other.record_id, row.relation,
                       row.vehicle_type_id, row.condition, row.line
                """,
                rows=self._get_resolved(),
                keys=keys,
            )
        )

    def _refuse_relations(self):
        """Relations of an operation with itself, and those that make a circle."""
        found = self._fetch_relations()
        if not found:
            return
        itself = [
            row["line"]
            for row in found
            if row["operation_id"] == row["other_operation_id"]
        ]
        self._refuse_line_numbers(itself, "relation_self")
        edges = [
            row
            for row in found
            if row["kind"] in CHECKED_KINDS and row["line"] not in set(itself)
        ]
        self._refuse_line_numbers(self._find_cycle_lines(edges), "relation_cycle")

    def _refuse_line_numbers(self, lines, code):
        if lines:
            query = SQL("SELECT unnest(%s) AS line, NULL AS value", list(lines))
            self._refuse_lines(query, code, "related_code")

    def _find_cycle_lines(self, edges):
        """Lines that must go for the relations to make sense, one of each circle.

        :param list edges: dicts of the relations of the file
        :return: list of line numbers
        """
        old = self.env["auto.service.labour.relation"].search_fetch(
            [("kind", "in", CHECKED_KINDS)], ["operation_id", "other_operation_id"]
        )
        known = [
            Relation(rel.id, rel.operation_id.id, rel.other_operation_id.id, rel.kind)
            for rel in old
        ]
        lines = []
        while edges and len(lines) < MAX_BAD:
            new = [
                Relation(
                    -row["line"],
                    row["operation_id"],
                    row["other_operation_id"],
                    row["kind"],
                )
                for row in edges
            ]
            path = find_cycle([*known, *new])
            if not path:
                break
            steps = set(zip(path, path[1:], strict=False))
            bad = [
                row
                for row in edges
                if (row["operation_id"], row["other_operation_id"]) in steps
            ]
            if not bad:
                break
            lines.append(bad[-1]["line"])
            edges = [row for row in edges if row is not bad[-1]]
        return lines
