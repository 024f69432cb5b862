from odoo import models


class SaleOrderLine(models.Model):
    """Why the hours of a line are what they are, in words."""

    _inherit = "sale.order.line"

    def get_labour_explanation(self):
        """Everything about the hours and the price of the line, for its dialog.

        Hours are floats in hours, ``None`` where no time is known; the amount is in
        the currency of the estimate, without taxes.

        :return: dict, see the keys below
        """
        self.ensure_one()
        self.check_access("read")
        detail = self.labour_detail or {}
        sheet = self.env["auto.service.labour.sheet"].sudo()
        time = detail.get("time")
        return {
            "name": self.operation_id.name or self.name,
            "vehicle": self._get_vehicle_label(),
            "book": self.book_hours if time or self.book_hours else None,
            "alone": detail.get("alone"),
            "judged": self._get_hours() if self.judged_by_id else None,
            "judged_by": self.judged_by_id.sudo().name or False,
            "judged_at": self.judged_at,
            "can_follow_book": self._may_be_judged() and bool(self.judged_by_id),
            "time": time and sheet._describe_time(time),
            "others": [sheet._describe_time(row) for row in detail.get("others", [])],
            "near": sheet._describe_near(self.order_id.work_order_id.vehicle_id),
            "steps": [sheet._describe_step(step) for step in detail.get("steps", [])],
            "rate_label": self._get_rate_label(),
            "amount": self.price_subtotal,
            "currency_id": self.currency_id.id,
        }

    def _get_vehicle_label(self):
        """Vehicle of the visit with the type that its times are looked up for."""
        vehicle_sudo = self.sudo().order_id.vehicle_id
        kind = vehicle_sudo.vehicle_type_id.name
        parts = (vehicle_sudo.license_plate, kind or vehicle_sudo.model_label)
        return " · ".join(part for part in parts if part)

    def _get_rate_label(self):
        """Where the price of an hour comes from."""
        self.ensure_one()
        if self.sudo().operation_id.pricing == "fixed":
            return self.env._("Fixed price of the service")
        rate = self._get_labour_rate()
        if rate.hourly_rate or rate.minimum_amount:
            return self.env._("Labour rate “%(rate)s”", rate=rate.name)
        pricelist = self.order_id.pricelist_id
        if pricelist and self.pricelist_item_id:
            return self.env._("Pricelist “%(pricelist)s”", pricelist=pricelist.name)
        return self.env._("Price of “%(service)s”", service=self.product_id.name)

    def _get_labour_sentences(self):
        """What was deducted or added, for the estimate that the customer reads.

        :return: list of translated texts, empty when nothing was
        """
        self.ensure_one()
        detail = self.labour_detail or {}
        steps = detail.get("steps") or []
        if not steps or not self.sudo().order_id.show_labour_detail:
            return []
        sheet = self.env["auto.service.labour.sheet"].sudo()
        sentences = []
        if detail.get("alone") is not None:
            sentences.append(
                self.env._("%(hours)s h alone", hours=f"{detail['alone']:.2f}")
            )
        sentences += [
            f"{step['hours']:+.2f} h: {sheet._get_step_text(step)}".replace("-", "−", 1)
            for step in steps
        ]
        if self.judged_by_id:
            sentences.append(self.env._("Hours judged by the advisor"))
        return sentences
