from odoo import models
from odoo.exceptions import UserError


class AutoServiceScan(models.AbstractModel):
    """Count: a bin, then every piece in it; see auto.service.stock.count."""

    _inherit = "auto.service.scan"

    def _start_count(self, params):
        return {
            "count": params.get("count_id") or False,
            "location": False,
            "last": False,
            "is_review": False,
        }

    def _get_count(self, state):
        count = self.env["auto.service.stock.count"].browse(state.get("count") or [])
        return count.exists().filtered(lambda row: row.state == "counting")

    # ------------------------------------------------------------------
    # Scans
    # ------------------------------------------------------------------

    def _take_count(self, state, found):
        state["is_review"] = False
        return getattr(self, f"_take_count_{found.kind}")(state, found)

    def _take_count_location(self, state, found):
        before = dict(state)
        count = self._get_count(state) or self.env[
            "auto.service.stock.count"
        ]._get_open(found.record)
        count._enter_place(found.record)
        state.update(count=count.id, location=found.record.id, last=False)
        name = self._name_place(found.record)
        return self._said(state, name, undo=self._back(before))

    def _take_count_product(self, state, found):
        count, location = self._get_count(state), self._get_bin(state, "location")
        if not count or not location:
            raise UserError(self.env._("Scan the bin first that is counted."))
        before = dict(state)
        line = count._add(location, found.record, found.quantity, found.lot_name)
        state["last"] = line.id
        message = self.env._(
            "%(part)s: %(count)s",
            part=self._name_part(found.record),
            count=self._format_pieces(found.record, line.quantity_counted),
        )
        undo = self._back(before, "part", line_id=line.id, pieces=found.quantity)
        return self._said(state, message, undo=undo)

    def _undo_count_part(self, line_id, pieces):
        line = self.env["auto.service.stock.count.line"].browse(line_id).exists()
        line._take_off(pieces)

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def _act_count_set(self, state, args):
        line = self._get_count(state).line_ids.filtered(
            lambda row: row.id == int(args["key"])
        )
        line._set_counted(float(args["quantity"]))
        state["last"] = line.id
        return self._said(state)

    def _act_count_rest(self, state, _args):
        """What was not seen in the bin is not there."""
        lines = self._get_place_lines(state).filtered(lambda row: not row.is_counted)
        for line in lines:
            line._set_counted(0.0)
        return self._said(state, self.env._("The bin is counted."))

    def _act_count_review(self, state, _args):
        """Show the differences before they are applied."""
        if not self._get_count(state).line_ids.filtered("is_counted"):
            raise UserError(self.env._("Nothing was counted yet."))
        state["is_review"] = True
        return self._said(state, self.env._("Look at the differences."), tone="info")

    def _act_count_done(self, state, args):
        if not state["is_review"]:
            return self._act_count_review(state, args)
        return self._act_count_apply(state, args)

    def _act_count_apply(self, state, _args):
        count = self._get_count(state)
        said = count._apply()
        message = self.env._("%(name)s is applied", name=count.name)
        return self._said(self._start_count({}), message, detail=said)

    def _act_count_other(self, state, _args):
        """Go on with another bin."""
        state.update(location=False, is_review=False)
        return self._said(state)

    # ------------------------------------------------------------------
    # Screen
    # ------------------------------------------------------------------

    def _get_place_lines(self, state):
        place = state.get("location")
        return self._get_count(state).line_ids.filtered(
            lambda row: row.location_id.id == place
        )

    def _screen_count(self, state):
        count, location = self._get_count(state), self._get_bin(state, "location")
        if state.get("is_review") and count:
            return self._screen_count_review(count)
        chips = [self._chip("fa-list-ol", count.name)] if count else []
        finish = self._button("review", self.env._("Differences"), "primary")
        if not count or not location:
            return {
                "prompt": self.env._("Scan a bin."),
                "icon": "fa-th",
                "chips": chips,
                "choices": [] if count else self._get_count_choices(),
                "buttons": [finish] if count.line_ids else [],
            }
        lines = self._get_place_lines(state)
        lines = lines.sorted(lambda row: (row.id != state.get("last"), row.is_counted))
        buttons = [finish]
        if any(not line.is_counted for line in lines):
            rest = self.env._("The rest is not here")
            buttons.insert(0, self._button("rest", rest, "warning"))
        chips.append(self._chip("fa-th", self._name_place(location), "other"))
        return {
            "prompt": self.env._("Scan every piece, or tap a part and type."),
            "chips": chips,
            "lines": [self._get_count_row(line) for line in lines],
            "buttons": buttons,
            "empty": self.env._("Nothing should be here."),
        }

    def _get_count_row(self, line):
        """A part in the bin; a blind count does not show what is expected."""
        is_blind = line.count_id.is_blind
        todo = 0.0 if is_blind else line.quantity_expected
        row = self._line(
            line.id,
            line.product_id,
            line.quantity_counted,
            todo,
            note=line.lot_id.name or "",
            set="set",
        )
        if not line.is_counted:
            row["tone"] = "open"
        return row

    def _screen_count_review(self, count):
        lines = count.line_ids.filtered("is_different")
        apply = self._button("apply", self.env._("Apply"), "success", "fa-check")
        unseen = len(count.line_ids.filtered(lambda row: not row.is_counted))
        prompt = (
            self.env._("%(count)s differences", count=len(lines))
            if lines
            else self.env._("No differences")
        )
        if unseen:
            prompt = self.env._(
                "%(prompt)s, %(unseen)s parts not looked at",
                prompt=prompt,
                unseen=unseen,
            )
        return {
            "prompt": prompt,
            "icon": "fa-balance-scale",
            "chips": [self._chip("fa-list-ol", count.name)],
            "lines": [self._get_review_row(line) for line in lines],
            "buttons": [self._button("other", self.env._("Go on counting")), apply],
            "empty": self.env._("The shelf is as the system says."),
        }

    def _get_review_row(self, line):
        row = self._line(
            line.id,
            line.product_id,
            line.quantity_counted,
            line.quantity_expected,
            place=self._name_place(line.location_id),
            set="set",
        )
        sign = "+" if line.quantity_difference > 0 else "−"
        row["note"] = sign + self._format_pieces(
            line.product_id, abs(line.quantity_difference)
        )
        row["tone"] = "over"
        return row

    def _get_count_choices(self):
        """Counts of the user that are not applied yet."""
        counts = self.env["auto.service.stock.count"].search(
            [
                ("state", "=", "counting"),
                ("user_id", "=", self.env.uid),
                ("company_id", "=", self.env.company.id),
            ],
            limit=10,
        )
        return [
            {
                "action": "resume",
                "args": {"count": count.id},
                "label": count.name,
                "note": self._name_place(count.location_id),
            }
            for count in counts
        ]

    def _act_count_resume(self, state, args):
        count = self._get_count({"count": int(args["count"])})
        if not count:
            raise UserError(self.env._("This count is over."))
        state["count"] = count.id
        return self._said(state, count.name)
