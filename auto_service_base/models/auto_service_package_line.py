import math

from odoo import api, fields, models

QUANTITY_SOURCES = [
    ("fixed", "As entered"),
    ("engine_oil_l", "Engine oil (l)"),
    ("coolant_l", "Coolant (l)"),
    ("gearbox_oil_l", "Gearbox oil (l)"),
    ("brake_fluid_l", "Brake fluid (l)"),
    ("refrigerant_g", "Refrigerant (g)"),
    ("cylinder_count", "Cylinders"),
]


class AutoServicePackageLine(models.Model):
    """An operation or a part of a package."""

    _name = "auto.service.package.line"
    _description = "Line of a Package"
    _order = "sequence, id"
    _check_company_auto = True

    package_id = fields.Many2one(
        "auto.service.package",
        required=True,
        index=True,
        ondelete="cascade",
        help="Package that the line belongs to.",
    )
    company_id = fields.Many2one(
        related="package_id.company_id",
        store=True,
        help="Company of the package; empty: every company.",
    )
    sequence = fields.Integer(
        default=10, help="Place of the line on the estimate; low numbers come first."
    )
    operation_id = fields.Many2one(
        "auto.service.operation",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Work that is done. Its hours are those of the vehicle.",
    )
    product_id = fields.Many2one(
        "product.product",
        string="Part",
        domain="[('sale_ok', '=', True)]",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Part, fluid or other product that is used.",
    )
    quantity = fields.Float(
        digits="Product Unit",
        default=1.0,
        help="Quantity of the part. Where it is taken from the vehicle, this is what "
        "is put on the estimate as long as the vehicle's quantity is not known.",
    )
    uom_id = fields.Many2one(
        related="product_id.uom_id", string="Unit", help="Unit of the part."
    )
    quantity_from = fields.Selection(
        QUANTITY_SOURCES,
        required=True,
        default="fixed",
        string="Quantity by",
        help="As entered, or what the vehicle takes by its vehicle type: litres of oil "
        "for example.",
    )
    factor = fields.Float(
        default=1.0,
        digits=(12, 4),
        help="The vehicle's quantity is multiplied by it: 1 for oil by the litre, "
        "0.2 for oil in cans of five litres, 0.01 for refrigerant by 100 g.",
    )
    rounding_step = fields.Float(
        string="Rounded up to",
        digits=(12, 4),
        help="The vehicle's quantity is rounded up to a multiple of it: 0.5 for half "
        "litres, 1 for whole cans. 0: not rounded.",
    )
    vehicle_type_id = fields.Many2one(
        "auto.service.vehicle.type",
        string="Only for",
        index="btree_not_null",
        ondelete="restrict",
        help="The line is only used on vehicles of this type. Empty: on every vehicle "
        "of the package.",
    )

    _one_of_two = models.Constraint(
        "CHECK ((operation_id IS NULL) <> (product_id IS NULL))",
        "A line of a package is an operation or a part: choose one of the two.",
    )
    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)",
        "The quantity of a package's line must be more than zero.",
    )
    _factor_positive = models.Constraint(
        "CHECK (factor > 0 AND rounding_step >= 0)",
        "The factor must be more than zero, and the rounding step zero or more.",
    )

    @api.depends("operation_id", "product_id", "quantity")
    def _compute_display_name(self):
        for line in self:
            line.display_name = (line.operation_id or line.product_id).display_name

    def _get_quantity(self, vehicle_types):
        """Quantity of the line on a vehicle.

        :param vehicle_types: auto.service.vehicle.type records that fit the vehicle,
            the most specific one first; the first that knows the quantity counts
        :return: tuple of the quantity, in the unit of the part, and of a sentence that
            says why it is a guess (False when it is none)
        """
        self.ensure_one()
        if self.operation_id:
            return 1.0, False
        if self.quantity_from == "fixed":
            return self.quantity, False
        amounts = filter(None, vehicle_types.mapped(self.quantity_from))
        amount = next(amounts, 0.0)
        if not amount:
            return self.quantity, self._get_guess_reason(vehicle_types)
        return self._round_quantity(amount * self.factor), False

    def _round_quantity(self, quantity):
        """``quantity`` rounded up to the step, and to the digits of quantities."""
        self.ensure_one()
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        if self.rounding_step:
            # 4.3 l in steps of 0.1 l are 43 steps, not 43.000001 and so 44.
            steps = math.ceil(round(quantity / self.rounding_step, 6))
            quantity = steps * self.rounding_step
        return round(quantity, digits)

    def _get_guess_reason(self, vehicle_types):
        """Why the quantity of the line is not the vehicle's own."""
        self.ensure_one()
        labels = dict(self._fields["quantity_from"]._description_selection(self.env))
        label = labels[self.quantity_from]
        if vehicle_types:
            return self.env._(
                "%(what)s: the vehicle type %(type)s does not say how much.",
                what=label,
                type=vehicle_types[0].display_name,
            )
        return self.env._(
            "%(what)s: no vehicle type fits the vehicle, so nobody knows how much.",
            what=label,
        )
