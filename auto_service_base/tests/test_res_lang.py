from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestKazakh(TransactionCase):
    def _get_kazakh(self):
        languages = self.env["res.lang"].with_context(active_test=False)
        return languages.search([("code", "=", "kk_KZ")])

    def test_kazakh_is_offered_once(self):
        self.assertEqual(len(self._get_kazakh()), 1)
        self.assertEqual(self.env["res.lang"]._create_kazakh(), self._get_kazakh())
        self.assertEqual(len(self._get_kazakh()), 1)

    def test_own_kazakh_of_a_company_stays(self):
        language = self._get_kazakh()
        language.name = "Own Kazakh"
        self.env["res.lang"]._create_kazakh()
        self.assertEqual(self._get_kazakh().name, "Own Kazakh")

    def test_taken_web_address_is_no_obstacle(self):
        self._get_kazakh().unlink()
        self.env.ref("base.lang_fr").with_context(active_test=False).url_code = "kk"
        self.assertEqual(self.env["res.lang"]._create_kazakh().url_code, "kk_KZ")

    def test_kazakh_can_be_activated(self):
        self.env["res.lang"]._create_kazakh().active = True
        date = self.env["ir.qweb.field.date"].with_context(lang="kk_KZ")
        self.assertEqual(date.value_to_html("2026-11-21", {}), "21.11.2026")
