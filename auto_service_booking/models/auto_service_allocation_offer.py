from odoo import api, models
from odoo.exceptions import ValidationError

from odoo.addons.auto_service_base.models.auto_service_skill import SKILL_LEVELS

LEVELS = [level for level, _label in SKILL_LEVELS]


class AutoServiceAllocation(models.Model):
    """Taking what the planner offers, and moving what was taken."""

    _inherit = "auto.service.allocation"

    # Taking an offer ------------------------------------------------------------

    @api.model
    def _allocate_offer(self, offer, common, by_line=None):
        """Keep all the time of an offer, or nothing of it.

        :param dict offer: one of the planner's offers, see ``_find_slots``
        :param dict common: values of every row: booking_id, order_id, company_id,
            state, held_until
        :param dict by_line: values by key of the offer's lines: line_id, job_id
        :return: auto.service.allocation records
        :raise ValidationError: somebody was faster
        """
        return self.create(self._prepare_offer_rows(offer, common, by_line or {}))

    @api.model
    def _prepare_offer_rows(self, offer, common, by_line):
        """Values of the rows of ``offer``: one block per segment."""
        rows = []
        for line in offer["lines"]:
            values = {**common, **by_line.get(line["key"], {})}
            for segment in line["segments"]:
                rows += self._prepare_segment_rows(segment, values)
        if offer.get("courtesy_resource_id"):
            rows.append(self._prepare_courtesy_row(offer, common))
        return rows

    @api.model
    def _prepare_segment_rows(self, segment, values):
        [block] = self._new_blocks()
        return [
            {
                **values,
                "block": block,
                "resource_id": resource_id,
                "start": segment["start"],
                "stop": segment["stop"],
                "is_gap": segment["gap"],
            }
            for resource_id in segment["resource_ids"]
        ]

    @api.model
    def _prepare_courtesy_row(self, offer, common):
        """The courtesy car is away from the arrival to the end, day and night."""
        return {
            **common,
            "block": self._new_blocks()[0],
            "resource_id": offer["courtesy_resource_id"],
            "start": offer["start"],
            "stop": offer["stop"],
            "is_overtime": True,
        }

    # Moving ---------------------------------------------------------------------

    def _move_block(self, start=None, stop=None, resource=None, allow=False):
        """Move or resize the block of this row; give the row to another resource.

        :param datetime start: new beginning, naive UTC; None: as it is
        :param datetime stop: new end, naive UTC; None: the length stays
        :param resource: resource.resource that takes the place of the row's own
        :param bool allow: outside of the working hours or without the skill as well
        :raise ValidationError: somebody else has that time, or it does not suit
        """
        self.ensure_one()
        self._check_move_role(resource)
        if start and not stop:
            stop = start + (self.stop - self.start)
        problems = [] if allow else self._get_move_problems(start, stop, resource)
        if problems:
            raise ValidationError(" ".join(problems))
        self.write(self._prepare_move_values(start, stop, resource, allow))

    def _prepare_move_values(self, start, stop, resource, allow):
        """What a move writes; a block that was moved is planned again."""
        values = {"replan_reason": False, "replan_note": False}
        if start:
            values["start"] = start
        if stop:
            values["stop"] = stop
        if resource and resource != self.resource_id:
            values["resource_id"] = resource.id
        if allow:
            values["is_overtime"] = True
        return values

    def _get_move_problems(self, start=None, stop=None, resource=None):
        """What a dispatcher has to confirm before the row is moved there.

        :return: list of sentences, empty when it suits
        """
        self.ensure_one()
        self._check_move_role(resource)
        resource = resource or self.resource_id
        rows = (self | self._with_block()).filtered(lambda row: row._is_work())
        spans = [
            (
                (resource if row == self else row.resource_id).id,
                start or row.start,
                stop or row.stop,
            )
            for row in rows
        ]
        outside = self._get_branch_planner()._check_working_time(spans)
        return self._get_outside_sentences(outside) + self._get_unfit(resource)

    def _check_move_role(self, resource=None):
        """A bay takes the place of a bay, a technician that of a technician.

        :raise ValidationError: no dispatcher can allow anything else
        """
        resource_sudo = (resource or self.resource_id).sudo()
        if resource and resource_sudo.auto_service_role != self.role:
            self._check_branch([(resource.id, self.company_id.id)])
            raise ValidationError(
                self.env._(
                    "%(name)s cannot take the place of %(other)s.",
                    name=resource_sudo.name,
                    other=self.resource_id.sudo().name,
                )
            )

    def _get_unfit(self, resource):
        """Why ``resource`` does not suit the service.

        :return: list of sentences
        """
        line, resource = self.line_id, resource.sudo()
        if resource == self.resource_id:
            return []
        if self.role == "technician":
            return self._get_unfit_technician(line, resource)
        wanted = line.bay_kind_id if self.role == "bay" else line.equipment_kind_ids
        if wanted and resource.auto_service_kind_id not in wanted:
            return [
                self.env._(
                    "%(work)s needs %(kind)s; %(name)s is none.",
                    work=line.name,
                    kind=", ".join(wanted.mapped("name")),
                    name=resource.name,
                )
            ]
        return []

    def _get_unfit_technician(self, line, resource):
        missing = line.skill_ids - resource.auto_service_skill_ids
        level = resource.auto_service_skill_level or LEVELS[0]
        if missing:
            return [
                self.env._(
                    "%(name)s does not have: %(skills)s.",
                    name=resource.name,
                    skills=", ".join(missing.mapped("name")),
                )
            ]
        if line.skill_level and LEVELS.index(level) < LEVELS.index(line.skill_level):
            return [
                self.env._(
                    "%(work)s asks for a higher level than %(name)s has.",
                    work=line.name,
                    name=resource.name,
                )
            ]
        return []

    # Working hours --------------------------------------------------------------

    def _is_work(self):
        """Whether the row has to lie inside working hours."""
        self.ensure_one()
        return (
            not self.is_gap
            and not self.is_overtime
            and self.role != "courtesy_car"
            and self.state in ("held", "planned", "started")
        )

    def _get_branch_planner(self):
        """The planner of the branch of the rows: its hours are those of resources that
        belong to all branches and have none of their own."""
        company = self.company_id[:1] or self.env.company
        return self.env["auto.service.planner"].with_company(company)

    def _ensure_working(self):
        """Hours that do not exist are promised to nobody.

        :raise ValidationError: names what does not work then
        """
        spans = self.filtered(lambda row: row._is_work())._get_spans()
        outside = self._get_branch_planner()._check_working_time(spans)
        if outside:
            raise ValidationError(" ".join(self._get_outside_sentences(outside)))

    @api.model
    def _get_outside_sentences(self, spans):
        """One sentence per resource that does not work at that time."""
        tz = self._get_board_tz()
        names = dict.fromkeys(span[0] for span in spans)
        resources = self.env["resource.resource"].browse(list(names)).sudo()
        labels = {resource.id: resource.name for resource in resources}
        sentences = {}
        for resource_id, start, stop in spans:
            sentences.setdefault(
                resource_id,
                self.env._(
                    "%(name)s does not work the whole time from %(start)s to %(stop)s.",
                    name=labels[resource_id],
                    start=self._format_time(start, tz),
                    stop=self._format_time(stop, tz),
                ),
            )
        return list(sentences.values())
