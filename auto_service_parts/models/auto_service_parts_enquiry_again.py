from odoo import models
from odoo.exceptions import UserError


class AutoServicePartsEnquiry(models.Model):
    """An answered enquiry later on: ask again, compare, link to a visit."""

    _inherit = "auto.service.parts.enquiry"

    def action_repeat(self):
        """Invoked when "Ask again" is clicked: the answers are compared with then."""
        self.ensure_one()
        return self._get_screen_action(self._prepare_repeat_params())

    def _prepare_repeat_params(self):
        """Params of a new enquiry like this one; see ``start_enquiry``."""
        self.ensure_one()
        return {
            "number": self.number,
            "brand_id": self.brand_id.id,
            "brand_name": self.brand_name or "",
            "order_id": self.order_id.id,
            "job_id": self.job_id.id,
            "with_crosses": self.is_with_crosses,
            "repeated_id": self.id,
        }

    def _get_screen_action(self, params):
        """Client action with the screen of enquiries.

        :param dict params: of ``start_enquiry``, asked at once when there is a number
        """
        action = self.env["ir.actions.actions"]._for_xml_id(
            "auto_service_parts.auto_service_parts_enquiry_action_screen"
        )
        return {**action, "params": params}

    def compare(self, other_id):
        """What has changed since another enquiry for the same number.

        :param int other_id: id of the earlier enquiry
        :return: dict with ``then``: id of an offer of this enquiry to the dict of the
            offer of that time; ``gone``: offers of that time that are not there now
        """
        self.ensure_one()
        other = self.browse(other_id)
        (self | other).check_access("read")
        before = {}
        for row in other._describe_offers():
            before.setdefault(self._get_identity(row), []).append(row)
        rows = self._describe_offers()
        # Several offers may look alike: those of the same price belong together.
        then = self._match_rows(rows, before, lambda row: row.get("price"))
        rest = [row for row in rows if row["id"] not in then]
        then |= self._match_rows(rest, before, lambda row: None)
        gone = [row for others in before.values() for row in others]
        return {
            "then": then,
            "gone": gone,
            "asked_at": other.asked_at.isoformat(" ", "seconds"),
        }

    def _match_rows(self, rows, before, get_more):
        """The same offers of an earlier day; they are taken out of ``before``.

        :param list rows: of ``_describe_offers``
        :param dict before: identity to rows of the earlier day
        :param get_more: function of a row, what has to be the same besides
        :return: dict of offer id to the row of then
        """
        found = {}
        for row in rows:
            others = before.get(self._get_identity(row), [])
            same = next(
                (other for other in others if get_more(other) == get_more(row)), None
            )
            if same:
                others.remove(same)
                found[row["id"]] = same
        return found

    def _get_identity(self, row):
        """What makes two offers of different days the same offer.

        :param dict row: of ``_describe_offers``
        """
        kind = row["kind"]
        return (
            kind,
            row["group"],
            row.get("warehouse"),
            row.get("is_used"),
            row.get("account_id"),
            row.get("price_list_id"),
            # An offer of somebody else may have become a product since.
            row.get("product_id") if kind == "own" else None,
        )

    def action_link(self, order_id, job_id=False):
        """The enquiry was for this visit after all.

        :param int order_id: id of an auto.service.order
        :param int job_id: id of one of its jobs
        :return: dict of the visit, as in ``get_enquiry``
        """
        order = self.env["auto.service.order"].browse(order_id)
        job = self.env["auto.service.job"].browse(job_id or [])
        order.check_access("read")
        self._ensure_can_be_linked(order, job)
        self.write({"order_id": order.id, "job_id": job.id})
        return self._describe_work(order, job)

    def _ensure_can_be_linked(self, order, job):
        """Parts that stand on the estimate of one visit stay with it."""
        used = self.filtered(
            lambda enquiry: enquiry.order_id
            and enquiry.order_id != order
            and enquiry._get_added()
        )
        if used:
            raise UserError(
                self.env._(
                    "Parts of %(numbers)s stand on the estimate of another visit "
                    "already. Ask again for this one.",
                    numbers=", ".join(used.mapped("display_name")),
                )
            )
        if job and job.order_id != order:
            raise UserError(
                self.env._(
                    "Job %(job)s is not of %(order)s. Choose one of its jobs.",
                    job=job.name,
                    order=order.name,
                )
            )
