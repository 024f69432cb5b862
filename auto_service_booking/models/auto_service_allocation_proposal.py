from odoo import api, models

from .auto_service_planner_replan import WINDOW, local_date


class AutoServiceAllocation(models.Model):
    """What the planner is asked for a unit, and how a proposal reads."""

    _inherit = "auto.service.allocation"

    def _get_rank(self):
        """Order of the proposals: who waits first, then who was promised earliest."""
        return (not self._is_waiter(), self._get_promise(), min(self.mapped("start")))

    def _is_waiter(self):
        """Whether the customer waits in the garage."""
        return any(self.order_id.mapped("is_waiter")) or any(
            self.booking_id.mapped("is_waiter")
        )

    def _get_promise(self):
        """When the customer expects the vehicle, naive UTC."""
        promised = [moment for moment in self.order_id.mapped("promised_at") if moment]
        return min(promised, default=max(self.mapped("stop")))

    def _get_work_label(self):
        """What is to be done: titles of jobs, services or the event."""
        names = [
            row.job_id.name
            or row.line_id.name
            or row.name
            or row.booking_id.type_id.name
            for row in self.filtered(lambda row: row.role != "courtesy_car") or self
        ]
        return ", ".join(dict.fromkeys(name for name in names if name))

    def _get_replan_request(self, affected):
        """What is looked for: all that can stay stays, else the bay, else nothing.

        :param affected: rows of the unit that cannot be kept
        :return: dict of ``variants`` (lists of lines) and ``can_stay``: the time itself
            is right, only the resource is not
        """
        lost = affected.filtered(lambda row: row.replan_reason != "unfinished")
        lost = lost.resource_id
        lines = [self._drop_lost(line, lost) for line in self._get_replan_lines()]
        works = self.grouped(lambda row: row._get_work_key())
        kept = {key: rows.resource_id - lost for key, rows in works.items()}
        reasons = set(affected.mapped("replan_reason"))
        variants = []
        for roles in (("bay", "technician"), ("bay",), ()):
            variant = [
                {**line, **self._get_kept(kept[line["key"]], roles)} for line in lines
            ]
            if variant not in variants:
                variants.append(variant)
        return {
            "variants": variants,
            "can_stay": not reasons & {"unfinished", "missed", "blocked"},
        }

    @api.model
    def _drop_lost(self, line, lost):
        """A wish for a bay or technician who is not there cannot be kept."""
        names = ("bay_resource_id", "technician_resource_id")
        return {**line, **{name: False for name in names if line[name] in lost.ids}}

    def _get_kept(self, resources, roles):
        """Fields of a planner's line that keep the resources of these roles."""
        values = {}
        for role in roles:
            same = resources.sudo().filtered(
                lambda resource, role=role: resource.auto_service_role == role
            )
            if len(same) == 1:
                values[f"{role}_resource_id"] = same.id
        return values

    def _get_replan_options(self, taken):
        """Options of the planner: what the unit keeps now counts as free for it.

        Replanned work may use the reserve, it is held back for that.
        """
        start = self._now()
        if not self._is_in_garage():  # nobody is asked to come earlier than agreed
            start = max(start, min(self.mapped("start")))
        cars = self.filtered(lambda row: row.role == "courtesy_car")
        return {
            "company": self.company_id[:1],
            "start": start,
            "stop": start + WINDOW,
            "exclude_blocks": list(set(self.mapped("block"))),
            "extra_busy": taken,
            "use_reserve": True,
            "any_start": self._is_in_garage(),
            "step_minutes": int(self.company_id[:1].auto_service_slot_minutes or 15),
            "courtesy_car": bool(cars),
            "courtesy_kind_id": cars.booking_id.courtesy_kind_id[:1].id,
        }

    def _is_in_garage(self):
        """Whether the vehicle is there: opening hours do not bind its work."""
        return bool(self.order_id.filtered("received_at"))

    def _prepare_proposal(self, offer):
        """A proposal as screens show it.

        :return: dict: kind (same_time, same_day, later), start, stop, label, is_late,
            offer
        """
        return {
            "kind": self._get_proposal_kind(offer),
            "start": offer["start"],
            "stop": offer["stop"],
            "label": self._get_offer_label(offer),
            "is_late": offer["stop"] > self._get_promise(),
            "offer": offer,
        }

    def _get_proposal_kind(self, offer):
        start = min(self.mapped("start"))
        if offer["start"] == start:
            return "same_time"
        tz = self.company_id[:1]._get_planning_tz()
        days = {local_date(moment, tz) for moment in (start, offer["start"])}
        return "same_day" if len(days) == 1 else "later"

    def _get_offer_label(self, offer):
        """“Mon 2 Mar 09:00 – 11:00 · Lift 2, Jaan Kask”."""
        ids = [
            resource
            for line in offer["lines"]
            for segment in line["segments"]
            for resource in segment["resource_ids"]
        ]
        if offer.get("courtesy_resource_id"):
            ids.append(offer["courtesy_resource_id"])
        resources = self.env["resource.resource"].browse(dict.fromkeys(ids)).sudo()
        when = self.browse()._get_label(offer["start"], offer["stop"])
        return f"{when} · {', '.join(resources.mapped('name'))}"
