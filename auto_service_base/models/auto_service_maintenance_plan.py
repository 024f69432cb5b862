from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.maintenance import from_unit
from ..tools.vehicle_match import match

LEVELS = ("exact", "model", "class")


class AutoServiceMaintenancePlan(models.Model):
    """Scheduled maintenance of the vehicles that the plan is for.

    A vehicle follows every plan that fits it. Where two plans have the same work, the
    more specific plan decides: a plan for one engine overrules that of the make.
    """

    _name = "auto.service.maintenance.plan"
    _description = "Maintenance Plan"
    _inherit = ["auto.service.vehicle.match"]
    _order = "sequence, name, id"
    _check_company_auto = True
    # What a company keeps is there for its branches, as its products are.
    _check_company_domain = models.check_company_domain_parent_of

    name = fields.Char(
        required=True, translate=True, help="For example the maker's service schedule."
    )
    code = fields.Char(
        help="Short code; imports and the starter catalogue find the plan by it."
    )
    sequence = fields.Integer(
        default=10,
        help="Of two plans that fit a vehicle equally well the lower number counts.",
    )
    odometer_unit = fields.Selection(
        [("kilometers", "km"), ("miles", "mi")],
        string="Distances in",
        required=True,
        default="kilometers",
        help="Unit in which you enter the intervals. Each vehicle gets them in the "
        "unit of its own odometer.",
    )
    item_ids = fields.One2many(
        "auto.service.maintenance.item",
        "plan_id",
        string="Work",
        copy=True,
        help="What is done regularly, and how often.",
    )
    item_count = fields.Integer(
        string="Number of Works",
        compute="_compute_item_count",
        help="How many kinds of work the plan has.",
    )
    note = fields.Text(help="Where the intervals come from, and what to mind.")
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        help="Empty: the plan counts in every company.",
    )
    active = fields.Boolean(
        default=True, help="Nothing is due any more by an archived plan."
    )

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0)) WHERE code IS NOT NULL AND active",
        "Another plan has this code already. Use it, or choose another code.",
    )

    def _compute_item_count(self):
        counts = dict(
            self.env["auto.service.maintenance.item"]._read_group(
                [("plan_id", "in", self.ids)], ["plan_id"], ["__count"]
            )
        )
        for plan in self:
            plan.item_count = counts.get(plan, 0)

    def _to_km(self, distance):
        """Kilometres of a distance in the unit of the plan, as a whole number."""
        return round(from_unit(distance or 0, self.odometer_unit))

    def _get_vehicle_plan_domain(self):
        """Domain of the plans that vehicles are held against; extend in your addon."""
        return Domain("active", "=", True)

    def _get_items_by_vehicle(self, vehicles):
        """Work that the plans ask for on each vehicle, in a fixed number of queries.

        :param vehicles: fleet.vehicle records
        :return: dict of vehicle id to auto.service.maintenance.item records
        """
        domain = self._get_vehicle_plan_domain()
        plans = self.search_fetch(domain, ["brand_id", "company_id"])
        items_of = plans._get_items_by_plan()
        by_brand = plans._group_by_brand()
        ranked, chosen, result = {}, {}, {}
        for vehicle in vehicles:
            car = vehicle._get_match_values()
            key = (vehicle.company_id.id, *sorted(car.items()))
            if key not in ranked:
                candidates = by_brand.get(car.get("brand_id") or 0, []) + by_brand[None]
                ranked[key] = self._rank_plans(candidates, vehicle, car)
            ids = ranked[key]
            if ids not in chosen:
                chosen[ids] = self._choose_items(items_of[id_] for id_ in ids)
            result[vehicle.id] = chosen[ids]
        return result

    def _group_by_brand(self):
        """Plans with their conditions by make; under None those for several makes.

        :return: dict of id of fleet.vehicle.model.brand to list of (plan, conditions)
        """
        groups = {None: []}
        for plan in self:
            conditions = plan._get_match_conditions()
            # A K-type settles the make, also where nobody has entered it.
            brand = None if conditions.get("ktype") else conditions.get("brand_id")
            groups.setdefault(brand or None, []).append((plan, conditions))
        return groups

    def _rank_plans(self, candidates, vehicle, car):
        """Plans that fit, the most specific first.

        :param candidates: list of (plan, conditions)
        :param dict car: of ``fleet.vehicle._get_match_values``
        :return: tuple of plan ids
        """
        # Without a company the vehicle follows the plans of all that know it.
        companies = vehicle.company_id and vehicle.company_id.parent_ids
        found = []
        for plan, conditions in candidates:
            result = match(conditions, car)
            if not result.fits:
                continue
            if companies and plan.company_id and plan.company_id not in companies:
                continue
            level = LEVELS.index(result.level)
            found.append((level, -result.score, plan.sequence, plan.id))
        return tuple(key[-1] for key in sorted(found))

    def _get_items_by_plan(self):
        """Work of the plans, in one query.

        :return: dict of plan id to auto.service.maintenance.item records
        """
        item = self.env["auto.service.maintenance.item"]
        found = item.search_fetch([("plan_id", "in", self.ids)], item._get_due_fields())
        groups = found.grouped("plan_id")
        return {plan.id: groups.get(plan, item) for plan in self}

    @api.model
    def _choose_items(self, groups):
        """Where several plans have the same work, the first one counts.

        :param groups: auto.service.maintenance.item records of each plan, best first
        :return: auto.service.maintenance.item records
        """
        chosen = {}
        for items in groups:
            for item in items:
                chosen.setdefault(item._get_subject(), item)
        return self.env["auto.service.maintenance.item"].union(*chosen.values())
