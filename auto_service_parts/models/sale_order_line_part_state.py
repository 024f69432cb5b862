from contextlib import contextmanager

from odoo import api, fields, models
from odoo.tools import format_datetime

from .auto_service_supplier_status import PART_STATES

#: From the least advanced on; the part of a line is where its last piece is.
STATE_RANKS = {
    state: rank
    for rank, state in enumerate(
        ("refused", "needed", "ordered", "confirmed", "transit", "arrived")
    )
}
COMING_STATES = ("ordered", "confirmed", "transit")
MISSING_STATES = ("refused", "needed", *COMING_STATES)


class SaleOrderLine(models.Model):
    """Where the part of a line is, worked out from what was ordered for it."""

    _inherit = "sale.order.line"

    part_state = fields.Selection(
        PART_STATES,
        compute="_compute_part_state",
        store=True,
        readonly=False,
    )
    part_eta = fields.Datetime(
        compute="_compute_part_state", store=True, readonly=False
    )
    part_note = fields.Char(compute="_compute_part_state", store=True, readonly=False)
    part_supplier_id = fields.Many2one(
        related="parts_offer_id.partner_id",
        string="Supplier",
        help="Vendor whose offer the line was made of.",
    )
    is_part_late_told = fields.Boolean(
        copy=False,
        export_string_translation=False,
        help="The advisor was told that the part is late.",
    )
    qty_on_purchase = fields.Float(
        string="Ordered from suppliers",
        digits="Product Unit",
        compute="_compute_qty_on_purchase",
        compute_sudo=True,
        help="How many are on purchase orders that are neither cancelled nor refused.",
    )
    qty_to_order = fields.Float(
        string="To order",
        digits="Product Unit",
        compute="_compute_qty_on_purchase",
        compute_sudo=True,
        help="How many are on no purchase order yet.",
    )

    @api.depends(
        "kind",
        "parts_offer_id",
        "purchase_line_ids.state",
        "purchase_line_ids.product_qty",
        "purchase_line_ids.qty_received",
        "purchase_line_ids.part_state",
        "purchase_line_ids.supplier_status",
        "purchase_line_ids.supplier_note",
        "purchase_line_ids.date_planned",
    )
    def _compute_part_state(self):
        for line in self:
            values = line._get_part_values()
            line.part_state = values["part_state"]
            line.part_eta = values["part_eta"]
            line.part_note = values["part_note"]

    @api.depends(
        "product_uom_qty",
        "purchase_line_ids.state",
        "purchase_line_ids.product_qty",
        "purchase_line_ids.part_state",
    )
    def _compute_qty_on_purchase(self):
        for line in self:
            ordered = line._get_qty_on_purchase()
            line.qty_on_purchase = ordered
            line.qty_to_order = max(0.0, line.product_uom_qty - ordered)

    @api.model_create_multi
    def create(self, vals_list):
        """A new line is on no purchase order: its part is known without looking."""
        return super().create(
            [{**self._prepare_first_part_values(vals), **vals} for vals in vals_list]
        )

    @api.model
    def _prepare_first_part_values(self, vals):
        """Where the part of a new line is.

        :param dict vals: values of the new line
        """
        values = {"part_state": False, "part_eta": False, "part_note": False}
        if vals.get("parts_offer_id"):
            offer = self.env["auto.service.parts.offer"].browse(vals["parts_offer_id"])
            values["part_state"] = "needed" if offer.kind != "own" else False
            values["part_eta"] = offer.eta
        return values

    def write(self, vals):
        res = super().write(vals)
        if "product_uom_qty" in vals:
            moved = self.filtered("part_state")
            if moved:
                self.env.add_to_compute(self._fields["part_state"], moved)
        return res

    def _get_part_values(self):
        """Where the part is, when it comes, and what is to be said about it.

        Extend it where parts come from elsewhere: out of the own stock, say.

        :return: dict with ``part_state``, ``part_eta``, ``part_note``
        """
        self.ensure_one()
        purchases = self.purchase_line_ids if self.kind == "part" else None
        if not purchases:
            return self._get_part_values_unordered()
        live = purchases.filtered(lambda line: line._is_part_live())
        notes = [line._get_part_note() for line in live]
        missing = self.product_uom_qty - self._get_qty_on_purchase()
        states = [line._get_part_state() for line in live]
        if self.product_uom_id.compare(missing, 0.0) > 0:
            refused = purchases.filtered(
                lambda line: line.part_state == "refused" or line.quantity_refused
            )
            states.append("refused" if refused else "needed")
            notes += [line.supplier_note for line in refused]
        coming = live.filtered(lambda line: line._get_part_state() != "arrived")
        return {
            "part_state": min(states, key=STATE_RANKS.get, default="needed"),
            "part_eta": max(coming.mapped("date_planned"), default=False),
            "part_note": " ".join(dict.fromkeys(filter(None, notes))) or False,
        }

    def _get_part_values_unordered(self):
        """Values of a part that nobody ordered: needed, or what somebody said."""
        offer = self.parts_offer_id
        state = self.part_state
        if not state and offer.kind in ("list", "live"):
            state = "needed"
        return {
            "part_state": state,
            "part_eta": self.part_eta or (offer and offer.eta),
            "part_note": self.part_note,
        }

    def _get_qty_on_purchase(self):
        """How many are on purchase orders that live, in the unit of the line."""
        self.ensure_one()
        return sum(
            line.product_uom_id._compute_quantity(
                line.product_qty, self.product_uom_id, round=False
            )
            for line in self.purchase_line_ids
            if line._is_part_live()
        )

    def _forget_purchase(self):
        """The purchase order is gone: what it brought is needed again."""
        for line in self.filtered("part_state"):
            if not line.purchase_line_ids:
                line.write({"part_state": "needed", "part_note": False})

    # Who is told ----------------------------------------------------------------

    @contextmanager
    def _telling_part_changes(self):
        """Whatever moves parts runs within this: the advisor learns what matters."""
        lines_sudo = self.sudo().filtered("work_order_id")  # buyers see no estimates
        before = {line: line.part_state for line in lines_sudo}
        yield
        lines_sudo._forget_told_lateness()
        changed = lines_sudo.filtered(lambda line: line.part_state != before[line])
        for order, lines in changed.grouped("work_order_id").items():
            lines._tell_part_changes(order)

    def _forget_told_lateness(self):
        """A part with a new term may be late once more."""
        now = fields.Datetime.now()
        self.filtered(
            lambda line: line.is_part_late_told
            and line.part_eta
            and line.part_eta > now
        ).is_part_late_told = False

    def _tell_part_changes(self, order):
        """Tell the advisor of a work order what became of parts.

        :param order: auto.service.order record
        """
        refused = self.filtered(lambda line: line.part_state == "refused")
        if refused:
            refused._schedule_part_activity(
                order,
                self.env._("Parts refused by the supplier"),
                [f"{line.name}: {line.part_note or ''}" for line in refused],
            )
        arrived = self.filtered(lambda line: line.part_state == "arrived")
        if arrived:
            arrived._tell_arrival(order)

    def _tell_arrival(self, order):
        """Say what arrived, and whether the jobs have all that they need."""
        ready = self.job_id.filtered(lambda job: not job._get_missing_part_lines())
        if ready:
            body = self.env._(
                "All parts are here for: %(jobs)s", jobs=", ".join(ready.mapped("name"))
            )
        else:
            body = self.env._(
                "Arrived: %(parts)s", parts=", ".join(self.mapped("name"))
            )
        order.message_post(
            body=body, partner_ids=order.advisor_id.partner_id.ids if ready else []
        )

    def _schedule_part_activity(self, order, summary, sentences):
        """A task for the advisor on the work order.

        :param order: auto.service.order record
        :param list sentences: what is to be known, one for each part
        """
        user = order.advisor_id or self.order_id[:1].user_id or self.env.user
        order.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=summary,
            note="\n".join(sentences),
            user_id=user.id,
        )

    @api.model
    def _get_late_parts_domain(self):
        """Parts that should be here by now, of which nobody was told."""
        return [
            ("part_state", "in", COMING_STATES),
            ("part_eta", "<", fields.Datetime.now()),
            ("is_part_late_told", "=", False),
            ("work_order_id.state", "=", "open"),
        ]

    @api.model
    def _cron_tell_late_parts(self):
        """Tell advisors once of every part that is late."""
        lines = self.search(self._get_late_parts_domain(), limit=1000)
        for order, late in lines.grouped("work_order_id").items():
            late._tell_late(order)
            if not self.env["ir.cron"]._commit_progress(len(late)):
                break

    def _tell_late(self, order):
        """Tell the advisor of a work order once that parts are late."""
        self._schedule_part_activity(
            order,
            self.env._("Parts are late"),
            [
                self.env._(
                    "%(part)s: expected %(when)s",
                    part=line.name,
                    when=format_datetime(self.env, line.part_eta, dt_format="short"),
                )
                for line in self
            ],
        )
        self.write({"is_part_late_told": True})

    # Badges ---------------------------------------------------------------------

    @api.model
    def _count_part_states(self, field_name, records):
        """How many lines of parts are where; one query for all records.

        :param str field_name: ``work_order_id`` or ``job_id``
        :return: dict of record id to dict of part state to number of lines
        """
        counts = {}
        if not records.ids:
            return counts
        groups = self._read_group(
            [
                (field_name, "in", records.ids),
                ("part_state", "!=", False),
                ("state", "!=", "cancel"),
                ("product_uom_qty", ">", 0),  # of a declined job nothing is needed
            ],
            [field_name, "part_state"],
            ["__count"],
        )
        for record, state, count in groups:
            counts.setdefault(record.id, {})[state] = count
        return counts

    @api.model
    def _get_parts_text(self, counts):
        """Sentence of a badge: “2 on the way, 1 refused”.

        :param dict counts: number of lines by part state
        :return: text, empty when there are no parts
        """
        texts = {
            "refused": self.env._("%(count)s refused", count=counts.get("refused")),
            "needed": self.env._("%(count)s to order", count=counts.get("needed")),
            "ordered": self.env._("%(count)s ordered", count=counts.get("ordered")),
            "confirmed": self.env._(
                "%(count)s confirmed", count=counts.get("confirmed")
            ),
            "transit": self.env._("%(count)s on the way", count=counts.get("transit")),
            "arrived": self.env._("%(count)s here", count=counts.get("arrived")),
        }
        return ", ".join(text for state, text in texts.items() if counts.get(state))
