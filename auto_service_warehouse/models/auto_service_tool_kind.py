from dateutil.relativedelta import relativedelta

from odoo import fields, models


class AutoServiceToolKind(models.Model):
    """Torque wrench, scan tool, puller …"""

    _name = "auto.service.tool.kind"
    _description = "Kind of Tool"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True, help="What the kind is called.")
    sequence = fields.Integer(default=10, help="Place in lists.")
    calibration_months = fields.Integer(
        string="Calibrate every (months)",
        help="0: tools of this kind are not calibrated.",
    )
    calibration_notice_days = fields.Integer(
        string="Tell before (days)",
        default=14,
        help="So many days before its calibration is due the responsible of a tool is "
        "told.",
    )
    is_calibration_binding = fields.Boolean(
        string="Not without calibration",
        default=True,
        help="A tool of this kind is not handed out when its calibration is due.",
    )
    loan_hours = fields.Float(
        string="Due back after (hours)",
        help="How long a tool may stay out; 0: until the end of the working day.",
    )
    active = fields.Boolean(default=True, help="Archived kinds cannot be chosen.")

    _calibration_months_positive = models.Constraint(
        "CHECK (calibration_months >= 0)",
        "Months between calibrations are zero or more; zero: not calibrated.",
    )
    _loan_hours_positive = models.Constraint(
        "CHECK (loan_hours >= 0)",
        "Hours until a tool is due back are zero or more; zero: end of the day.",
    )

    def _get_calibration_due(self, calibrated_on):
        """Last day on which a calibration holds.

        :param date calibrated_on: day of the calibration
        :return: date, or False where the kind is not calibrated
        """
        if not calibrated_on or not self.calibration_months:
            return False
        return calibrated_on + relativedelta(months=self.calibration_months)
