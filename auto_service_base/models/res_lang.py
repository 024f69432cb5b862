from odoo import api, models

KAZAKH = {
    "name": "Kazakh / Қазақ тілі",
    "code": "kk_KZ",
    "iso_code": "kk",
    "url_code": "kk",
    "direction": "ltr",
    "grouping": "[3,0]",
    "decimal_point": ",",
    "thousands_sep": "\u00a0",
    "date_format": "%d.%m.%Y",
    "time_format": "%H:%M:%S",
    "week_start": "1",
    "active": False,
}


class ResLang(models.Model):
    _inherit = "res.lang"

    @api.model
    def _create_kazakh(self):
        """Offer Kazakh among the languages; the host does not know it.

        Called by the data of the addon. A language of this code that somebody created
        stays as it is.

        :return: res.lang record
        """
        languages = self.with_context(active_test=False)
        known = languages.search([("code", "=", KAZAKH["code"])], limit=1)
        if known:
            return known
        values = dict(KAZAKH)
        if languages.search_count([("url_code", "=", values["url_code"])], limit=1):
            values["url_code"] = values["code"]
        return self.create(values)
