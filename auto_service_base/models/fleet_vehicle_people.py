from odoo import api, fields, models


class FleetVehicle(models.Model):
    """People around a vehicle, with their periods."""

    _inherit = "fleet.vehicle"

    owner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Owner",
        compute="_compute_owner_id",
        inverse="_inverse_owner_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        copy=True,
        help="Current owner. Writing a new one closes the former one's period.",
    )
    owner_phone = fields.Char(
        related="owner_id.phone", string="Owner's Phone", help="Phone of the owner."
    )
    owner_email = fields.Char(
        related="owner_id.email", string="Owner's E-mail", help="E-mail of the owner."
    )
    owner_has_conflict = fields.Boolean(
        related="owner_id.has_conflict",
        string="Conflict",
        help="There was a dispute with the owner.",
    )
    owner_conflict_note = fields.Text(
        related="owner_id.conflict_note",
        string="About the Conflict",
        help="What the dispute is about.",
    )
    owner_glance = fields.Char(
        compute="_compute_owner_glance",
        help="Vehicles, open visits and unpaid invoices of the owner in one line.",
    )
    payer_id = fields.Many2one(
        comodel_name="res.partner",
        string="Payer",
        compute="_compute_payer_id",
        inverse="_inverse_payer_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="Who pays by default, for example a leasing company. Empty: the owner.",
    )
    person_ids = fields.One2many(
        comodel_name="auto.service.vehicle.person",
        inverse_name="vehicle_id",
        string="People",
        help="Owners, drivers and payers of the vehicle with their periods.",
    )

    @api.depends("person_ids.partner_id", "person_ids.role", "person_ids.date_to")
    def _compute_owner_id(self):
        self._compute_current_person("owner", "owner_id")

    @api.depends("person_ids.partner_id", "person_ids.role", "person_ids.date_to")
    def _compute_payer_id(self):
        self._compute_current_person("payer", "payer_id")

    def _compute_current_person(self, role, field_name):
        """Put the person who has ``role`` today into ``field_name``."""
        for vehicle in self:
            people = vehicle.person_ids.filtered(
                lambda person: person.role == role and not person.date_to
            )
            vehicle[field_name] = people[:1].partner_id

    @api.depends("owner_id")
    def _compute_owner_glance(self):
        for vehicle in self:
            notes = vehicle.owner_id._get_glance_notes() if vehicle.owner_id else []
            vehicle.owner_glance = " · ".join(notes)

    def _inverse_owner_id(self):
        self._inverse_current_person("owner", "owner_id")

    def _inverse_payer_id(self):
        self._inverse_current_person("payer", "payer_id")

    def _inverse_current_person(self, role, field_name):
        """Close the period of the former person and open one for the new person.

        :param str role: role of auto.service.vehicle.person
        :param str field_name: field of the vehicle that was written
        """
        today = fields.Date.context_today(self)
        wanted = {vehicle.id: vehicle[field_name].id for vehicle in self}
        current = self.env["auto.service.vehicle.person"].search(
            [
                ("vehicle_id", "in", self.ids),
                ("role", "=", role),
                ("date_to", "=", False),
            ]
        )
        kept = current.filtered(
            lambda person: person.partner_id.id == wanted[person.vehicle_id.id]
        )
        (current - kept)._close(today)
        done = set(kept.vehicle_id.ids)
        self.env["auto.service.vehicle.person"].create(
            [
                {
                    "vehicle_id": vehicle_id,
                    "partner_id": partner_id,
                    "role": role,
                    "date_from": today,
                }
                for vehicle_id, partner_id in wanted.items()
                if partner_id and vehicle_id not in done
            ]
        )
