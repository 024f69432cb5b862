from odoo import api, fields, models
from odoo.exceptions import ValidationError


class FleetVehicleOdometer(models.Model):
    """Reading of an odometer; for customers' vehicles correctable, never blocking."""

    _inherit = "fleet.vehicle.odometer"

    source = fields.Char(
        help="Where the reading comes from, for example the number of the work order."
    )
    is_ignored = fields.Boolean(
        string="Ignore",
        help="Typing error, or the reading of a replaced instrument cluster: kept in "
        "the history, counted nowhere.",
    )
    is_lower = fields.Boolean(
        string="Lower Than Before",
        compute="_compute_is_lower",
        help="An earlier reading is higher: a typing error, a replaced cluster, or "
        "somebody turned it back.",
    )

    _vehicle_date_idx = models.Index("(vehicle_id, date DESC, id DESC)")

    @api.depends("value", "date", "is_ignored", "vehicle_id")
    def _compute_is_lower(self):
        """Compare with the highest reading that counts on an earlier day."""
        readings = self.search(
            [("vehicle_id", "in", self.vehicle_id.ids), ("is_ignored", "=", False)]
        )
        by_vehicle = readings.grouped("vehicle_id")
        for reading in self:
            earlier = [
                other.value
                for other in by_vehicle.get(reading.vehicle_id._origin, ())
                if reading._is_after(other)
            ]
            reading.is_lower = reading.value < max(earlier, default=0)

    def _is_after(self, other):
        """Whether the reading was taken after the other one."""
        if not self.date or not other.date or self._origin == other:
            return False
        return (self.date, self._origin.id or 0) > (other.date, other.id)

    @api.constrains("value", "vehicle_id")
    def _check_value(self):
        wrong = self.filtered(
            lambda reading: reading.value < 0 and reading.vehicle_id.is_customer_vehicle
        )
        if wrong:
            raise ValidationError(
                self.env._(
                    "The odometer of %(vehicles)s cannot be below zero; correct the "
                    "reading.",
                    vehicles=", ".join(wrong.vehicle_id.mapped("display_name")),
                )
            )

    def write(self, vals):
        changes = self._get_corrections(vals)
        result = super().write(vals)
        for vehicle, texts in changes.items():
            vehicle._message_log(body="\n".join(texts))
        return result

    def _get_corrections(self, vals):
        """Sentences on readings of customers' vehicles that ``vals`` corrects.

        :return: dict of vehicle to list of sentences
        """
        corrections = {}
        if "value" not in vals:
            return corrections
        for reading in self.filtered("vehicle_id.is_customer_vehicle"):
            if reading.value == vals["value"]:
                continue
            corrections.setdefault(reading.vehicle_id, []).append(
                self.env._(
                    "Odometer of %(date)s corrected from %(old)s to %(new)s.",
                    date=reading.date,
                    old=int(reading.value),
                    new=int(vals["value"] or 0),
                )
            )
        return corrections
