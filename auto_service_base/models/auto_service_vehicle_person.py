from odoo import api, fields, models


class AutoServiceVehiclePerson(models.Model):
    _name = "auto.service.vehicle.person"
    _description = "Person of a Vehicle"
    _order = "date_to desc, date_from desc, id desc"
    _rec_name = "partner_id"

    vehicle_id = fields.Many2one(
        comodel_name="fleet.vehicle",
        required=True,
        index=True,
        ondelete="cascade",
        help="Vehicle of the person.",
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Person",
        required=True,
        index=True,
        ondelete="restrict",
        help="Customer or contact, a person or a company.",
    )
    role = fields.Selection(
        selection=[
            ("owner", "Owner"),
            ("driver", "Driver"),
            ("payer", "Payer"),
        ],
        required=True,
        default="driver",
        help="Owner: to whom the vehicle belongs. Driver: who brings it. Payer: who "
        "gets the invoice by default.",
    )
    phone = fields.Char(related="partner_id.phone", help="Phone of the person.")
    date_from = fields.Date(
        string="From",
        default=fields.Date.context_today,
        help="First day in this role; empty when nobody knows.",
    )
    date_to = fields.Date(
        string="Until",
        help="Last day in this role; empty as long as it lasts.",
    )

    _one_at_a_time = models.UniqueIndex(
        "(vehicle_id, role) WHERE date_to IS NULL AND role IN ('owner', 'payer')",
        "A vehicle has one owner and one payer at a time: enter the last day of the "
        "former one first.",
    )
    _to_after_from = models.Constraint(
        "CHECK (date_to >= date_from)",
        "The last day of a person cannot lie before the first day.",
    )

    @api.depends("partner_id.display_name", "role")
    def _compute_display_name(self):
        roles = dict(self._fields["role"]._description_selection(self.env))
        for person in self:
            name = person.partner_id.display_name or ""
            person.display_name = f"{name} ({roles.get(person.role, '')})"

    @api.model_create_multi
    def create(self, vals_list):
        people = super().create(vals_list)
        people._mark_customers()
        return people

    def _close(self, date):
        """End the period of these people.

        :param date date: last day; a later first day is moved back to it
        """
        late = self.filtered(
            lambda person: person.date_from and person.date_from > date
        )
        late.write({"date_from": date, "date_to": date})
        (self - late).write({"date_to": date})
        # The index on the present owner is checked when the next one is inserted.
        self.flush_recordset()

    def _mark_customers(self):
        """Who owns or pays for a vehicle is a customer, as after a first sale."""
        partners = self.filtered(lambda person: person.role != "driver").partner_id
        new = partners.filtered(lambda partner: not partner.customer_rank)
        new._increase_rank("customer_rank")
