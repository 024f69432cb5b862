from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..tools.labour_basket import ACYCLIC, Relation, find_cycle

RELATION_KINDS = [
    ("includes", "Includes"),
    ("excludes", "Does not include"),
    ("preliminary", "Needs before"),
    ("follow_up", "Usually followed by"),
    ("combination", "Makes cheaper"),
    ("additional", "Additional time"),
]
CHECKED_KINDS = tuple(kind for kinds in ACYCLIC for kind in kinds)


class AutoServiceLabourRelation(models.Model):
    """How two operations hang together; what it means is in ``tools/labour_basket``."""

    _name = "auto.service.labour.relation"
    _description = "Labour Relation"
    _order = "operation_id, kind, id"

    operation_id = fields.Many2one(
        "auto.service.operation",
        required=True,
        index=True,
        ondelete="cascade",
        help="Operation whose time or order the relation is about.",
    )
    kind = fields.Selection(
        RELATION_KINDS,
        required=True,
        default="includes",
        help="Includes: the other operation is part of it and costs nothing beside it. "
        "Does not include: nothing is taken off the other one because of it, and the "
        "other one is suggested. Needs before: the other one must be done first. "
        "Usually followed by: the other one is suggested. Makes cheaper: the other one "
        "costs the hours given here when both are done. Additional time: the operation "
        "itself costs the hours given here more.",
    )
    other_operation_id = fields.Many2one(
        "auto.service.operation",
        string="Other operation",
        compute="_compute_other_operation_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="cascade",
        help="Operation that is included, needed, suggested or cheaper. An additional "
        "time has none.",
    )
    hours = fields.Float(
        help="Makes cheaper: hours of the other operation when both are done. "
        "Additional time: hours on top.",
    )
    condition = fields.Char(
        help="When an additional time is due, for example “bolts are rusted”: the "
        "advisor ticks it. Empty: always.",
    )
    vehicle_type_id = fields.Many2one(
        "auto.service.vehicle.type",
        index="btree_not_null",
        ondelete="cascade",
        help="Only for vehicles of this type; it goes before the same relation for "
        "every vehicle. Empty: every vehicle.",
    )
    source_id = fields.Many2one(
        "auto.service.labour.source",
        index="btree_not_null",
        ondelete="restrict",
        help="Who says so. Empty: the garage itself.",
    )
    note = fields.Char(help="Remark for whoever keeps the catalogue.")
    active = fields.Boolean(
        default=True, help="An archived relation does not count any more."
    )

    _not_with_itself = models.Constraint(
        "CHECK (kind = 'additional' OR operation_id <> other_operation_id)",
        "An operation cannot be related to itself. Choose another operation.",
    )
    _other_given = models.Constraint(
        "CHECK (kind = 'additional' OR other_operation_id IS NOT NULL)",
        "Say which other operation the relation is about.",
    )
    _hours_positive = models.Constraint(
        "CHECK (hours >= 0)",
        "Hours of a relation cannot be negative. Enter zero or more.",
    )
    _hours_given = models.Constraint(
        "CHECK (kind NOT IN ('combination', 'additional') OR COALESCE(hours, 0) > 0)",
        "Enter the hours of the relation; where the other operation costs nothing, "
        "choose “Includes”.",
    )
    _relation_uniq = models.UniqueIndex(
        "(operation_id, COALESCE(other_operation_id, 0), kind,"
        " COALESCE(vehicle_type_id, 0), COALESCE(condition, '')) WHERE active",
        "There is such a relation between the two operations already. Change that one.",
    )

    @api.depends("kind")
    def _compute_other_operation_id(self):
        for relation in self:
            if relation.kind == "additional":
                relation.other_operation_id = False

    @api.depends("operation_id", "kind", "other_operation_id", "condition")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for relation in self:
            parts = [relation.operation_id.name, kinds.get(relation.kind)]
            parts.append(relation.other_operation_id.name or relation.condition)
            relation.display_name = " · ".join(part for part in parts if part)

    @api.constrains("operation_id", "other_operation_id", "kind", "active")
    def _check_no_cycle(self):
        """Relations that contradict each other, with the path; also of two at once."""
        checked = self.filtered(
            lambda relation: relation.active and relation.kind in CHECKED_KINDS
        )
        if not checked:
            return
        self.env["auto.service.entry.guard"]._enter("labour.relation")
        path = self._get_cycle(checked.operation_id.ids)
        if path:
            operations = self.env["auto.service.operation"].sudo().browse(path)
            raise ValidationError(
                self.env._(
                    "The relations go round in a circle: %(path)s. Take one of them "
                    "out.",
                    path=" → ".join(operation.display_name for operation in operations),
                )
            )

    @api.model
    def _get_cycle(self, operation_ids=None):
        """First circle among the active relations, whoever may see them.

        Called by whatever writes relations past the ORM as well, after it entered the
        guard ``labour.relation``.

        :param list operation_ids: where to start looking; ``None`` looks everywhere
        :return: tuple of ids of operations, the first one again at the end, or ``None``
        """
        rows = self._fetch_reachable(operation_ids, CHECKED_KINDS)
        return find_cycle(self._prepare_engine_relation(row) for row in rows)

    @api.model
    def _get_relations(self, operation_ids, type_ids, company=None):
        """Relations that matter when ``operation_ids`` are done on one vehicle.

        Those of operations between them come too, and of work that is needed before.
        Archived operations are never asked for nor suggested.

        :param list operation_ids: ids of auto.service.operation
        :param list type_ids: ids of the types that the vehicle has, best first
        :param company: res.company record; only its operations are asked for or
            suggested. The user's companies when omitted
        :return: list of ``labour_basket.Relation``
        """
        companies = company or self.env.companies
        rows = self._fetch_reachable(
            operation_ids, ("includes", "preliminary"), list(type_ids)
        )
        picked, allowed = set(operation_ids), set(companies.ids)
        offered = {"excludes", "preliminary", "follow_up"}
        rows = [
            row
            for row in rows
            if row["kind"] not in offered
            or row["other"] in picked
            or (row["is_offered"] and row["company"] in (None, *allowed))
        ]
        rows = self._keep_most_specific(rows, type_ids)
        return [self._prepare_engine_relation(row) for row in rows]

    @api.model
    def _fetch_reachable(self, operation_ids, kinds, type_ids=None):
        """Active relations of operations and of whatever ``kinds`` lead to from them.

        :param list operation_ids: where to start; ``None`` for all relations
        :param tuple kinds: kinds that are followed
        :param list type_ids: types of the vehicle; ``None`` for relations of any type
        :return: list of dicts, in one query
        """
        self.flush_model()
        self.env["auto.service.operation"].flush_model(["active", "company_id"])
        fits = SQL("TRUE")
        if type_ids is not None:
            fits = SQL(
                "(vehicle_type_id IS NULL OR vehicle_type_id = ANY(%s))", list(type_ids)
            )
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT relation.id, relation.operation_id AS operation,
                       relation.other_operation_id AS other, relation.kind,
                       relation.hours, relation.condition,
                       relation.vehicle_type_id AS type,
                       other.active AS is_offered, other.company_id AS company
                  FROM auto_service_labour_relation relation
             LEFT JOIN auto_service_operation other
                    ON other.id = relation.other_operation_id
                 WHERE relation.operation_id = ANY (ARRAY(%(reached)s))
                   AND relation.active AND %(fits)s
                 ORDER BY relation.id
                """,
                reached=self._get_reached_query(operation_ids, kinds, fits),
                fits=fits,
            )
        )

    @api.model
    def _get_reached_query(self, operation_ids, kinds, fits):
        """Query for operations and whatever ``kinds`` lead to from them.

        Written so that the planner expects little (OFFSET 0, arrays that it cannot
        see): it guesses that recursions are huge, then reads the whole table and
        compiles the query first, which takes a hundred times as long.
        """
        if operation_ids is None:
            start = SQL("SELECT operation_id FROM auto_service_labour_relation")
        else:
            start = SQL(
                "SELECT unnest((SELECT %s::int[])) AS operation_id", list(operation_ids)
            )
        return SQL(
            """
            WITH RECURSIVE reached AS (
                %(start)s
                UNION
                SELECT relation.other_operation_id
                  FROM reached CROSS JOIN LATERAL (
                        SELECT kind, other_operation_id
                          FROM auto_service_labour_relation
                         WHERE operation_id = reached.operation_id
                           AND active AND %(fits)s
                        OFFSET 0
                       ) relation
                 WHERE relation.kind IN %(kinds)s
                   AND relation.other_operation_id IS NOT NULL
            )
            SELECT operation_id FROM reached
            """,
            start=start,
            kinds=tuple(kinds),
            fits=fits,
        )

    @api.model
    def _keep_most_specific(self, rows, type_ids):
        """What is said for the type of the vehicle goes before what is said for all.

        Also between contradictions: a type may include what vehicles usually do not.
        """
        ranks = {type_id: rank for rank, type_id in enumerate(type_ids)}
        rows = sorted(rows, key=lambda row: ranks.get(row["type"], len(ranks)))
        best, pairs = {}, {}
        for row in rows:
            pair = (row["operation"], row["other"])
            rank = ranks.get(row["type"], len(ranks))
            if row["kind"] in ("includes", "combination"):
                pairs.setdefault(pair, rank)
            best.setdefault((*pair, row["kind"], row["condition"] or ""), (rank, row))
        return [
            row
            for (operation, other, kind, _condition), (rank, row) in best.items()
            if kind != "excludes" or pairs.get((operation, other), rank) >= rank
        ]

    @api.model
    def _prepare_engine_relation(self, row):
        """Relation of the basket engine for a row of :meth:`_fetch_reachable`."""
        return Relation(
            row["id"],
            row["operation"],
            row["other"],
            row["kind"],
            row["hours"],
            row["condition"] or None,
        )
