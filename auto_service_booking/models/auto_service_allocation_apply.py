from itertools import islice

from odoo import api, models
from odoo.exceptions import UserError


class AutoServiceAllocation(models.Model):
    """Taking proposals of the replan queue: all of them in one transaction."""

    _inherit = "auto.service.allocation"

    @api.model
    def _replan(self, pairs):
        """Give up what units kept and keep what was proposed, all or nothing.

        Everything is given up first, so that one may take the place of the other.

        :param list pairs: (auto.service.allocation records, offer of the planner)
        :return: list of sentences: customers to be told
        :raise ValidationError: somebody was faster
        """
        self._check_replan(pairs)
        quiet = self.with_context(
            auto_service_no_log=True, auto_service_uses_reserve=True
        )
        spans = [
            span for unit, offer in pairs for span in unit._get_replan_spans(offer)
        ]
        self._lock_spans(spans)
        before = [(unit, offer, unit._prepare_replan(offer)) for unit, offer in pairs]
        with self.env.cr.savepoint():
            quiet.concat(*(unit for unit, _offer in pairs))._give_up()
            taken = quiet._take([(offer, known) for _unit, offer, known in before])
            return [
                sentence
                for rows, (_unit, _offer, known) in zip(taken, before, strict=True)
                for sentence in rows._record_replan(known)
            ]

    def _check_reserve(self, before=None):
        """Replanned work may use the reserve: it is held back for that."""
        if not self.env.context.get("auto_service_uses_reserve"):
            return super()._check_reserve(before=before)

    @api.model
    def _check_replan(self, pairs):
        """Nothing is replanned that somebody finished or gave back meanwhile."""
        gone = [
            unit
            for unit, _offer in pairs
            if not unit or set(unit.mapped("state")) & {"done", "cancelled"}
        ]
        if gone:
            names = [unit._get_work_label() for unit in gone if unit]
            raise UserError(self._get_changed_message(", ".join(names) or "…"))

    @api.model
    def _get_changed_message(self, names):
        return self.env._(
            "Somebody changed this meanwhile: %(names)s. Close the dialog and open it "
            "again.",
            names=names,
        )

    def _get_replan_spans(self, offer):
        """Resources and times that the unit has or takes, for the lock."""
        spans = self._get_spans() + [
            (resource, segment["start"], segment["stop"])
            for line in offer["lines"]
            for segment in line["segments"]
            for resource in segment["resource_ids"]
        ]
        if offer.get("courtesy_resource_id"):
            spans.append((offer["courtesy_resource_id"], offer["start"], offer["stop"]))
        return spans

    def _prepare_replan(self, offer):
        """What must be known of the unit before its time is given up."""
        works = self.grouped(lambda row: row._get_work_key())
        return {
            "label": self._get_label(),
            "start": min(self.mapped("start")),
            "promise": self._get_promise(),
            "in_garage": self._is_in_garage(),
            "reason": self._get_reason_label(),
            "common": self._prepare_replan_common(),
            "by_line": {
                key: {
                    "line_id": rows.line_id[:1].id,
                    "job_id": rows.job_id[:1].id,
                    "name": rows[:1].name,
                }
                for key, rows in works.items()
            },
        }

    def _prepare_replan_common(self):
        """Values of every new row of the unit; extend for your own fields."""
        return {
            "booking_id": self.booking_id[:1].id,
            "order_id": self.order_id[:1].id,
            "company_id": self.company_id[:1].id,
            "state": "planned",
        }

    def _get_reason_label(self):
        """Why the unit is replanned, in words."""
        reasons = dict(self._fields["replan_reason"]._description_selection(self.env))
        keys = [row.replan_reason for row in self if row.replan_reason]
        return ", ".join(reasons[key] for key in dict.fromkeys(keys))

    def _give_up(self):
        """Give the time up; what was worked in already stays as it was."""
        now = self._now()
        past = self.filtered(lambda row: row.start < now and row._was_worked())
        for stop, rows in past.grouped(lambda row: min(row.stop, now)).items():
            rows.write({"state": "done", "stop": stop, **self._prepare_clear_replan()})
        (self - past).write({"state": "cancelled", **self._prepare_clear_replan()})

    def _was_worked(self):
        """Whether somebody worked on it in its time, as far as clocks know."""
        self.ensure_one()
        if not self.job_id:
            return self.state == "started"
        clocks_sudo = self.job_id.sudo().clocking_ids  # whoever may read the hours
        now = self._now()
        return any(
            clock.start < self.stop and (clock.stop or now) > self.start
            for clock in clocks_sudo
        )

    @api.model
    def _take(self, offers):
        """Keep the time of all offers at once.

        :param list offers: (offer, dict of ``_prepare_replan``)
        :return: list of auto.service.allocation records, one per offer
        """
        values = [
            self._prepare_offer_rows(offer, known["common"], known["by_line"])
            for offer, known in offers
        ]
        rows = iter(self.create([row for part in values for row in part]))
        return [self.concat(*islice(rows, len(part))) for part in values]

    def _record_replan(self, known):
        """The new rows of a unit: history, technician of the job, who is to be told.

        :param dict known: from ``_prepare_replan``
        :return: list of sentences for who has to tell the customer
        """
        self._follow_technician()
        self._log_change(
            "replan",
            before=known["label"],
            after=self._get_label(),
            note=known["reason"],
        )
        return self._tell_replanned(known)

    def _take_off_board(self, note):
        """Take the unit off the board; its work waits to be placed again."""
        label = self._get_label()
        self.with_context(auto_service_no_log=True)._give_up()
        self._log_change("freed", before=label, note=note)

    # Telling the customer -------------------------------------------------------

    def _tell_replanned(self, known):
        """Have the advisor call a customer for whom something changes.

        :return: list of sentences, empty when nothing changes for the customer
        """
        start, stop = min(self.mapped("start")), max(self.mapped("stop"))
        source = self.order_id[:1] or self.booking_id[:1]
        changed = []
        if not known["in_garage"] and start != known["start"]:
            changed.append(self._get_moved_sentence(known["start"], start))
        if stop > known["promise"]:
            changed.append(self._get_late_sentence(known["promise"], stop))
        if not changed or not source:
            return []
        text = " ".join([self._get_call_sentence(source), *changed])
        source.activity_schedule(
            "mail.mail_activity_data_call",
            summary=self.env._("Tell the customer the new time"),
            note=text,
            user_id=source.advisor_id.id or self.env.uid,
        )
        return [text]

    def _get_call_sentence(self, source):
        return self.env._(
            "Call %(name)s%(phone)s.",
            name=source.partner_id.name,
            phone=f", {source.phone}" if source.phone else "",
        )

    def _get_moved_sentence(self, before, after):
        tz = self._get_board_tz()
        return self.env._(
            "The time is moved from %(before)s to %(after)s.",
            before=self._format_time(before, tz),
            after=self._format_time(after, tz),
        )

    def _get_late_sentence(self, promise, stop):
        tz = self._get_board_tz()
        return self.env._(
            "The vehicle is ready at %(after)s and not at %(before)s as promised.",
            before=self._format_time(promise, tz),
            after=self._format_time(stop, tz),
        )
