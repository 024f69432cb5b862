from odoo.tests import HttpCase, tagged


def _get_suite_id(name):
    """Id that the test runner of the web client gives to a suite of this name."""
    suite_id = 0
    for char in name:
        suite_id = ((suite_id << 5) - suite_id + ord(char)) & 0xFFFFFFFF
    return f"{suite_id:08x}"


@tagged("post_install", "-at_install")
class TestHoot(HttpCase):
    """The unit tests of the addon's own widgets, in the browser."""

    def test_widgets(self):
        suite_id = _get_suite_id("@auto_service_base")
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
