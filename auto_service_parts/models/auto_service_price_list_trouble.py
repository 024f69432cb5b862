from odoo import models

from ..tools.part_quantity import parse_quantity
from ..tools.price_row import PriceOptions


class AutoServicePriceList(models.Model):
    """What rows mean, and who hears of lists that could not be taken over."""

    _inherit = "auto.service.price.list"

    def _read_quantity_words(self):
        """Own words of the supplier.

        :return: dict of text to triple of ``parse_quantity``
        """
        found = {}
        for line in (self.quantity_words or "").splitlines():
            word, sign, meaning = line.rpartition("=")
            parsed = parse_quantity(meaning.strip()) if sign else None
            if word.strip() and parsed:
                found[word.strip().lower()] = parsed
        return found

    def _get_row_options(self, meanings, decimal):
        """What rows of a file mean.

        :param list meanings: of the columns
        :param str decimal: decimal sign
        :return: PriceOptions
        """
        tax, discount = self.tax_percent / 100, self.discount_percent / 100
        currencies = self.env["res.currency"].search([("active", "=", True)])
        zero = "keep" if self.mode == "incremental" else self.zero
        return PriceOptions(
            meanings=meanings,
            decimal=decimal,
            brand=self.brand_name or "",
            factor=(1 - discount) / (1 + tax),
            term_unit=self.term_unit,
            default_hours=self.default_hours or None,
            zero="order" if self.zero == "order" else zero,
            words=self._read_quantity_words(),
            currencies=set(currencies.mapped("name")),
        )

    def _tell_trouble(self, load):
        """A load failed or is held back: message, and an activity if there is none.

        :param load: auto.service.price.list.load record
        """
        self.ensure_one()
        summary = self.env._("Price list not taken over")
        # Whoever loads need not be allowed to plan something for somebody else.
        list_sudo = self.sudo()
        list_sudo.message_post(
            body=self.env._(
                "%(file)s: %(text)s", file=load.filename or self.name, text=load.message
            )
        )
        activities = list_sudo.activity_ids.filtered(lambda it: it.summary == summary)
        if activities:
            activities.write({"note": load.message})
        else:
            list_sudo.activity_schedule(
                "mail.mail_activity_data_warning",
                summary=summary,
                note=load.message,
                user_id=(self.user_id or self.create_uid).id,
            )

    def _end_trouble(self):
        """A new list is in force: what was to be looked at is settled."""
        summary = self.env._("Price list not taken over")
        # See _tell_trouble.
        activities = self.sudo().activity_ids.filtered(lambda it: it.summary == summary)
        activities.action_feedback()
