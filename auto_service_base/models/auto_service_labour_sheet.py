from dataclasses import asdict, dataclass, field

from odoo import api, fields, models

from ..tools.labour_adjust import adjust
from ..tools.labour_basket import Item, solve
from .sale_order_line_labour import SHARING


@dataclass(frozen=True)
class SheetItem:
    """One operation on a labour sheet.

    ``hours`` is given where nothing may be changed any more (approved work): the
    operation then only takes work off the others. ``counted`` are the operations that
    made it cheaper when it was approved, so that nothing is taken off twice.
    """

    key: object
    operation: models.BaseModel
    pay_type: str = "customer"
    hours: float | None = None
    is_fixed: bool = False
    options: tuple = field(default=())
    counted: frozenset = frozenset()


class AutoServiceLabourSheet(models.AbstractModel):
    """The sum of the labour of a visit: times, shared work, rules, rounding.

    It puts the plain engines of ``tools/labour_*.py`` together and says in words what
    they did. Nothing is written here.
    """

    _name = "auto.service.labour.sheet"
    _description = "Labour Sheet"

    @api.model
    def _calculate(self, order, items, date=None):
        """Book hours of ``items`` done together on the vehicle of ``order``.

        :param order: auto.service.order record
        :param list items: SheetItem records, in any order
        :param date: day whose times and rules count, today when omitted
        :return: dict with ``lines`` (key to dict of ``hours``, ``alone``, ``single`` -
            alone, but after the rules of the garage; all ``None`` when no time is
            known - and ``detail``), ``required`` and ``suggested`` (as the basket
            engine gives them) and ``options`` (relations to tick)
        """
        return self._calculate_many(order, {"all": items}, date)["all"]

    @api.model
    def _calculate_many(self, order, baskets, date=None):
        """Book hours of several baskets, each on its own: one look-up for all.

        :param dict baskets: name to list of SheetItem records
        :return: dict of name to what ``_calculate`` returns
        """
        date = date or fields.Date.context_today(self)
        items = [item for basket in baskets.values() for item in basket]
        facts = {
            "times": self._get_times(order, items, date),
            "relations": self._get_relations(order, items),
            "rules": self._get_rules(order, items, date),
        }
        return {
            name: self._solve(order, basket, facts) for name, basket in baskets.items()
        }

    @api.model
    def _solve(self, order, items, facts):
        """One basket, when everything is known: see ``_calculate``.

        :param dict facts: ``times``, ``relations`` and ``rules``
        """
        times, rules = facts["times"], facts["rules"]
        ticked = frozenset(option for item in items for option in item.options)
        basket = solve(
            [self._prepare_item(item, times) for item in items],
            facts["relations"],
            ticked,
        )
        lines = {}
        for item in items:
            line = basket.lines[item.key]
            hours, steps = self._adjust(order, item, line, rules)
            lines[item.key] = {
                "hours": hours,
                "alone": line.alone,
                "single": self._adjust_hours(order, item, line.alone, rules)[0],
                "detail": self._prepare_detail(
                    item, line, steps, times[item.pay_type].get(item.operation.id)
                ),
            }
        return {
            "lines": lines,
            "required": basket.required,
            "suggested": basket.suggested,
            "options": basket.options,
        }

    @api.model
    def _get_times(self, order, items, date):
        """Choices of labour times, by pay type and operation id."""
        operations = {}
        for item in items:
            known = operations.setdefault(item.pay_type, item.operation.browse())
            operations[item.pay_type] = known | item.operation
        return {
            pay_type: records._get_labour_times(
                order.vehicle_id, pay_type=pay_type, date=date, company=order.company_id
            )
            for pay_type, records in operations.items()
        }

    @api.model
    def _get_relations(self, order, items):
        """Relations of the operations that hold for the vehicle."""
        operation_ids = {item.operation.id for item in items}
        if not operation_ids:
            return []
        type_ids = [row[0] for row in order.vehicle_id._get_matching_types()]
        return self.env["auto.service.labour.relation"]._get_relations(
            list(operation_ids), type_ids, order.company_id
        )

    @api.model
    def _get_rules(self, order, items, date):
        """Adjustment rules that hold for the visit."""
        if all(item.is_fixed for item in items):
            return self.env["auto.service.labour.adjustment"]
        return self.env["auto.service.labour.adjustment"]._get_adjustments(
            order.vehicle_id, order.partner_id, order.company_id, date
        )

    @api.model
    def _prepare_item(self, item, times):
        """Item of the basket engine."""
        hours = item.hours
        if not item.is_fixed:
            choice = times[item.pay_type].get(item.operation.id)
            hours = choice.chosen.hours if choice and choice.chosen else None
        return Item(item.key, item.operation.id, hours, item.is_fixed, item.counted)

    @api.model
    def _adjust(self, order, item, line, rules):
        """Hours of a line after the rules of the garage, with every step.

        :return: pair (hours or ``None``, list of engine steps)
        """
        if item.is_fixed:
            return line.hours, list(line.steps)
        hours, steps = self._adjust_hours(order, item, line.hours, rules)
        return hours, [*line.steps, *steps]

    @api.model
    def _adjust_hours(self, order, item, hours, rules):
        """Hours of one operation after the rules and the rounding of the garage."""
        if hours is None:
            return None, ()
        return adjust(
            hours,
            rules._get_engine_rules(hours, item.operation),
            order.company_id.auto_service_labour_rounding,
            order.company_id.auto_service_labour_rounding_method,
        )

    @api.model
    def _prepare_detail(self, item, line, steps, choice):
        """What is kept with the estimate's line; the keys are read years later."""
        chosen = choice.chosen if choice else None
        names = self._get_operation_names(steps)
        return {
            "alone": line.alone,
            "time": self._prepare_time(chosen) if chosen else None,
            "others": [self._prepare_time(row) for row in choice.others]
            if choice
            else [],
            "ticked": list(item.options),
            "steps": [
                {
                    "kind": step.kind,
                    "hours": round(step.hours, 4),
                    "operation_id": step.operation,
                    "operation": names.get(step.operation),
                    "via": [names.get(operation) for operation in step.via],
                    "rule": step.rule,
                    "name": step.name,
                }
                for step in steps
            ],
        }

    @api.model
    def _prepare_time(self, row):
        """A labour time as plain data that JSON can keep.

        :param row: TimeRow of ``tools/labour_time.py``
        :return: dict
        """
        values = asdict(row)
        for name in ("valid_from", "valid_to"):
            values[name] = fields.Date.to_string(values[name]) or None
        return values

    @api.model
    def _get_operation_names(self, steps):
        """Names of the operations that the steps speak of."""
        ids = {step.operation for step in steps if step.operation}
        ids |= {operation for step in steps for operation in step.via}
        operations = self.env["auto.service.operation"].browse(sorted(ids))
        return {operation.id: operation.name for operation in operations}

    # In words -----------------------------------------------------------------

    @api.model
    def _get_step_text(self, step):
        """One sentence that says why hours were taken off or added.

        :param dict step: of ``labour_detail``
        :return: translated text
        """
        operation = self.env["auto.service.operation"].browse(
            step.get("operation_id") or []
        )
        name = operation.exists().name or step.get("operation") or ""
        via = " → ".join(text for text in step.get("via") or [] if text)
        label = step.get("name") or ""
        texts = {
            "included": self.env._("Part of “%(operation)s”", operation=name)
            if not via
            else self.env._(
                "Part of “%(operation)s” (through %(via)s)", operation=name, via=via
            ),
            "combination": self.env._(
                "Less work together with “%(operation)s”", operation=name
            ),
            "duplicate": self.env._(
                "“%(operation)s” is chosen already", operation=name
            ),
            "approved": self.env._("Already paid with “%(operation)s”", operation=name),
            "additional": self.env._("Extra: %(condition)s", condition=label)
            if label
            else self.env._("Extra time for this vehicle"),
            "adjustment": label,
            "rounding": self.env._("Rounded"),
        }
        return texts.get(step["kind"], label)

    @api.model
    def _get_level_label(self, time):
        """How well a labour time fits the vehicle.

        :param dict time: of ``labour_detail``
        """
        own = time["origin"] == "own"
        labels = {
            "exact": self.env._("own time for exactly this type")
            if own
            else self.env._("time for exactly this type"),
            "model": self.env._("own time for the model")
            if own
            else self.env._("time for the model"),
            "class": self.env._("time for this kind of vehicle"),
            "default": self.env._("usual hours on any vehicle"),
        }
        return labels[time["level"]]

    @api.model
    def _get_time_label(self, time):
        """Source and reach of a labour time in a few words.

        :param dict time: of ``labour_detail``
        """
        if not time.get("id"):  # the usual hours written on the operation itself
            return self.env._("Usual hours of the operation")
        parts = [time["source"]]
        if time.get("type_name"):
            parts.append(time["type_name"])
        parts.append(self._get_level_label(time))
        return " · ".join(part for part in parts if part)

    @api.model
    def _get_value_text(self, time):
        """The number as its source writes it, where that is not in hours."""
        units = {
            "min": self.env._("min"),
            "aw5": self.env._("AW of 5 min"),
            "aw6": self.env._("AW of 6 min"),
            "ze": self.env._("ZE of 1/100 h"),
        }
        unit = units.get(time.get("unit"))
        return f"{time['value']:g} {unit}" if unit and time.get("value") else False

    @api.model
    def _describe_time(self, time):
        """A labour time for the screen.

        :param dict time: of ``labour_detail``
        :return: dict of texts and hours
        """
        valid = [
            fields.Date.to_date(time[name]) if time.get(name) else None
            for name in ("valid_from", "valid_to")
        ]
        texts = [str(day) if day else "…" for day in valid]
        return {
            "id": time.get("id"),
            "label": self._get_time_label(time),
            "hours": time["hours"],
            "level_label": self._get_level_label(time),
            "value_text": self._get_value_text(time),
            "source": time.get("source") or False,
            "release": time.get("release") or False,
            "validity": " – ".join(texts) if any(valid) else False,
        }

    @api.model
    def _describe_step(self, step):
        """A deduction or addition for the screen."""
        return {
            "text": self._get_step_text(step),
            "hours": step["hours"],
            "is_shared": step["kind"] in SHARING,
        }

    @api.model
    def _describe_near(self, vehicle):
        """Types of the same model that nearly fit, and what is missing.

        :return: list of dicts with ``id``, ``name`` and ``why``
        """
        pairs = vehicle._get_near_types() if vehicle else []
        types = self.env["auto.service.vehicle.type"].browse(
            [type_id for type_id, _match in pairs]
        )
        return [
            {
                "id": record.id,
                "name": record.name,
                "why": self._get_why_not(vehicle, match),
            }
            for record, (_type_id, match) in zip(types, pairs, strict=True)
        ]

    @api.model
    def _get_why_not(self, vehicle, match):
        """Why a type was not taken: what is different, or what nobody has entered.

        :param match: Match of ``tools/vehicle_match.py``
        """
        names = {
            "capacity": "engine_capacity",
            "year": "build_year",
        }
        labels = [
            vehicle._fields[names.get(name, name)]._description_string(self.env)
            for name in match.differing or match.missing
        ]
        if match.differing:
            return self.env._("other: %(attributes)s", attributes=", ".join(labels))
        return self.env._("not entered: %(attributes)s", attributes=", ".join(labels))
