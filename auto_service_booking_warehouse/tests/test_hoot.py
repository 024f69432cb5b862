from odoo.tests import HttpCase, tagged

from odoo.addons.auto_service_base.tests.test_hoot import _get_suite_id


@tagged("post_install", "-at_install")
class TestHoot(HttpCase):
    """The marks of the board, in the browser."""

    def test_marks_of_lights(self):
        suite_id = _get_suite_id("@auto_service_booking_warehouse")
        self.browser_js(
            "/web/tests?headless&loglevel=2&preset=desktop&timeout=15000"
            f"&id={suite_id}",
            "",
            "",
            login="admin",
            timeout=600,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=lambda message: "[HOOT]" not in message,
        )
