from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class AutoServiceBooking(models.Model):
    """Entering a booking at the telephone: customer and vehicle in line."""

    _inherit = "auto.service.booking"

    @api.onchange("plate_entry")
    def _onchange_plate_entry(self):
        """Show the known vehicle and its owner while the plate is typed."""
        if not self.plate_entry:
            return
        vehicle = self.env["fleet.vehicle"]._find_by_plate(self.plate_entry)[:1]
        if vehicle:
            self.vehicle_id = vehicle
            self.partner_id = vehicle.owner_id or self.partner_id
        elif self.vehicle_id:  # another plate was typed before: forget its vehicle
            if self.partner_id == self.vehicle_id.owner_id:
                self.partner_id = False
            self.vehicle_id = False

    @api.onchange("phone_entry")
    def _onchange_phone_entry(self):
        """Show the known customer while the telephone is typed."""
        if self.phone_entry and not self.partner_id:
            self.partner_id = self._find_customer(self.phone_entry.strip())

    @api.model
    def _find_customer(self, phone):
        """Known customer by telephone.

        :param str phone: telephone as typed
        :return: res.partner record, may be empty
        """
        partners = self.env["res.partner"]
        sanitized = partners._phone_format(number=phone) or phone
        domain = Domain("phone_sanitized", "=", sanitized) | Domain("phone", "=", phone)
        return partners.search(domain, limit=1)

    @api.onchange("vehicle_id")
    def _onchange_vehicle_id(self):
        if self.vehicle_id.owner_id and not self.partner_id:
            self.partner_id = self.vehicle_id.owner_id

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        """A customer with one vehicle comes with that one."""
        if self.partner_id and not self.vehicle_id and not self.plate_entry:
            vehicles = self.partner_id.vehicle_ids
            if len(vehicles) == 1 and self.is_repair:
                self.vehicle_id = vehicles

    @api.onchange("type_id")
    def _onchange_type_id(self):
        self.needs_courtesy_car = self.type_id.needs_courtesy_car

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:
            given = {name for name, value in vals.items() if value}
            if vals.get("state") == "requested":
                given.discard("state")
            self._check_protected_write(given)
            self._complete_create_values(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_protected_write(set(vals))
        if "company_id" in vals:
            self._check_branch_change(vals["company_id"])
        return super().write(vals)

    def _check_branch_change(self, company_id):
        """What a branch keeps for a booking does not follow it to another one."""
        moved = self.filtered(
            lambda booking: booking.company_id.id != company_id
            and set(booking.allocation_ids.mapped("state")) - {"cancelled"}
        )
        if moved:
            raise UserError(
                self.env._(
                    "%(bookings)s has a time in its branch. Copy it for another "
                    "branch.",
                    bookings=", ".join(moved.mapped("name")),
                )
            )

    @api.model
    def name_create(self, name):
        """A booking from one line: the plate of a known vehicle."""
        booking = self.create({"plate_entry": name})
        return booking.id, booking.display_name

    @api.model
    def _get_protected_fields(self):
        """Fields that only the actions of a booking write, never an import."""
        return {
            "state",
            "start",
            "stop",
            "held_until",
            "order_id",
            "arrived_at",
            "done_at",
            "cancel_reason_id",
            "cancel_note",
        }

    def _check_protected_write(self, names):
        """Times are taken from the board and states follow rules."""
        protected = self._get_protected_fields() & names
        if protected and not self.env.su:
            raise UserError(
                self.env._(
                    "%(fields)s of a booking is set by its buttons and by the board, "
                    "not by hand.",
                    fields=", ".join(
                        self._fields[name].string for name in sorted(protected)
                    ),
                )
            )

    def _complete_create_values(self, vals):
        """Number, customer and vehicle from what was typed at the desk."""
        if vals.get("name") in (None, False, "", "New", self.env._("New")):
            company = vals.get("company_id") or self.env.company.id
            sequence = self.env["ir.sequence"].with_company(company)
            vals["name"] = sequence.next_by_code("auto.service.booking")
        plate = (vals.pop("plate_entry", None) or "").strip()
        phone = (vals.pop("phone_entry", None) or "").strip()
        customer = (vals.pop("customer_entry", None) or "").strip()
        if not vals.get("partner_id") and (customer or phone):
            orders = self.env["auto.service.order"]
            vals["partner_id"] = orders._find_or_create_customer(customer, phone).id
        if plate and not vals.get("vehicle_id"):
            self._set_vehicle_from_plate(vals, plate)
        if not vals.get("partner_id") and vals.get("vehicle_id"):
            vehicle = self.env["fleet.vehicle"].browse(vals["vehicle_id"])
            vals["partner_id"] = vehicle.owner_id.id
        if not vals.get("partner_id"):
            raise UserError(
                self.env._("Type the telephone or the name of the customer.")
            )

    def _set_vehicle_from_plate(self, vals, plate):
        """Find or create the vehicle; its owner is the customer by default."""
        partner = self.env["res.partner"].browse(vals.get("partner_id") or [])
        vehicles = self.env["fleet.vehicle"]
        if not partner and not vehicles._find_by_plate(plate):
            raise UserError(
                self.env._(
                    "%(plate)s is not known yet. Type the name or telephone of the "
                    "customer as well.",
                    plate=plate,
                )
            )
        vehicle = vehicles._find_or_create_by_plate(plate.upper(), partner=partner)
        vals["vehicle_id"] = vehicle.id

    @api.ondelete(at_uninstall=False)
    def _unlink_except_left_desk(self):
        kept = self.filtered(
            lambda booking: booking.state != "requested" or booking.allocation_ids
        )
        if kept:
            raise UserError(
                self.env._(
                    "%(bookings)s already left the desk. Cancel it with a reason: "
                    "nothing is deleted.",
                    bookings=", ".join(kept.mapped("name")),
                )
            )
