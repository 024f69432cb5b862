from markupsafe import Markup

from odoo import fields, models


class ResCompany(models.Model):
    """What the company thinks of buying, and of giving back what nobody needs."""

    _inherit = "res.company"

    auto_service_buyer_id = fields.Many2one(
        "res.users",
        string="Buyer",
        domain="[('share', '=', False), ('company_ids', 'in', id)]",
        help="Gets a message every morning when parts are short, and the reminders of "
        "credits that did not come. Empty: nobody gets the message.",
    )
    auto_service_buy_sold_times = fields.Integer(
        string="Suggest a rule when sold (times)",
        default=3,
        help="A part without a reorder rule that was taken out so many times in 90 "
        "days and is out of stock is on the list of low stock. Zero: none is "
        "suggested.",
    )
    auto_service_idle_days = fields.Integer(
        string="Idle after (days)",
        default=90,
        help="A part that nobody took for so many days, that no job waits for and that "
        "has no reorder rule is on the list of parts to return.",
    )
    auto_service_return_days = fields.Integer(
        string="Suppliers take back within (days)",
        default=30,
        help="Days after the receipt; a supplier can have a term of his own.",
    )
    auto_service_credit_days = fields.Integer(
        string="Credit comes within (days)",
        default=30,
        help="Days after parts went back; a supplier can have a term of his own.",
    )

    def _tell_low_stock(self, rows):
        """Message to the buyer: what is short, the most urgent first.

        :param rows: auto.service.buy.proposal records of the company
        """
        self.ensure_one()
        lines = [
            self.env._(
                "%(part)s: order %(quantity)s %(unit)s",
                part=row.product_id.display_name,
                quantity=f"{row.quantity_to_order:.10g}",
                unit=row.uom_id.name,
            )
            for row in rows[:20]
        ]
        if len(rows) > len(lines):
            lines.append(
                self.env._("… and %(count)s more", count=len(rows) - len(lines))
            )
        self.partner_id.message_notify(
            partner_ids=self.auto_service_buyer_id.partner_id.ids,
            subject=self.env._("%(count)s parts are short", count=len(rows)),
            body=Markup("<br/>").join(lines),
            email_layout_xmlid="mail.mail_notification_light",
        )
