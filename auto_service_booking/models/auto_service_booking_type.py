from odoo import api, fields, models


class AutoServiceBookingType(models.Model):
    """Repair, test drive, signing of a contract: what somebody is booked for."""

    _name = "auto.service.booking.type"
    _description = "Kind of Booking"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True, help="What it is booked for.")
    sequence = fields.Integer(default=10, help="The first one is the usual one.")
    active = fields.Boolean(default=True, help="An archived kind is not offered.")
    is_repair = fields.Boolean(
        default=True,
        help="The vehicle of the customer comes to the garage; on arrival a work "
        "order is opened.",
    )
    default_hours = fields.Float(
        string="Usual duration",
        default=1.0,
        help="Hours that are planned when nothing better is known.",
    )
    needs_bay = fields.Boolean(default=True, help="A bay is planned.")
    needs_technician = fields.Boolean(default=True, help="A technician is planned.")
    needs_courtesy_car = fields.Boolean(
        help="A courtesy car is planned as well, for a test drive for example."
    )
    bay_kind_id = fields.Many2one(
        "auto.service.resource.kind",
        domain="[('role', '=', 'bay')]",
        ondelete="restrict",
        help="Kind of bay, where the services ask for none.",
    )
    color = fields.Integer(help="Colour on the board.")

    @api.model
    def _get_usual(self):
        """What most customers come for: the first kind that is a repair.

        :return: auto.service.booking.type record, may be empty
        """
        return self.search([("is_repair", "=", True)], limit=1)
