import csv
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from odoo import http
from odoo.tests import HttpCase, tagged
from odoo.tests.common import _super_send

from .common import PartsCommon
from .price_file import make_csv, make_rows
from .price_list_common import PriceListMixin


class _Handler(BaseHTTPRequestHandler):
    """Gives ``content`` of the server, as it is told to."""

    def do_GET(self):
        owner = self.server
        owner.seen.append(dict(self.headers))
        if owner.location:
            self.send_response(302)
            self.send_header("Location", owner.location)
        elif self.headers.get("If-None-Match") == owner.etag:
            self.send_response(304)
        else:
            self.send_response(owner.status)
            self.send_header("Content-Length", str(len(owner.content)))
            self.send_header("ETag", owner.etag)
            name = "attachment; filename=stock.csv"
            self.send_header("Content-Disposition", name)
        self.end_headers()
        if not owner.location and owner.status == 200:
            content = owner.content
            self.wfile.write(content[: len(content) // 2] if owner.is_cut else content)

    def log_message(self, *_arguments):
        """Quiet."""


@tagged("post_install", "-at_install")
class TestPriceListFetch(PriceListMixin, PartsCommon):
    """Files that come from the net by themselves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()
        cls.addClassCleanup(cls.server.server_close)
        cls.addClassCleanup(cls.server.shutdown)
        name = "auto_service_parts.allow_local_addresses"
        cls.env["ir.config_parameter"].set_param(name, "True")
        cls.price_list = cls._make_list(
            make_csv(),
            url=f"http://127.0.0.1:{cls.server.server_port}/price.csv",
            url_login="garage",
        )

    def setUp(self):
        super().setUp()
        owner = self.server
        owner.content, owner.etag = make_csv(make_rows(290)), '"1"'
        owner.status, owner.is_cut, owner.location, owner.seen = 200, False, "", []

    @classmethod
    def _request_handler(cls, session, prepared, /, **options):
        return _super_send(session, prepared, **options)

    def _fetch(self):
        """The scheduled action, when the list is due."""
        self.price_list.next_fetch_at = "2020-01-01 00:00:00"
        with self.enter_registry_test_mode():
            self.env.ref(
                "auto_service_parts.auto_service_price_list_cron_load"
            ).method_direct_trigger()
        self.env.invalidate_all()
        for load in self.price_list.load_ids:
            self.addCleanup(load._remove_files)
        return self.price_list.load_ids[:1]

    def test_due_list_is_fetched_with_its_password_and_loaded(self):
        self.price_list.write({"url_password": "sesame", "fetch_hours": 24})
        load = self._fetch()
        self.assertRecordValues(
            load, [{"state": "done", "filename": "stock.csv", "is_from_url": True}]
        )
        self.assertEqual(self.price_list.row_count, 290)
        self.assertTrue(self.price_list.next_fetch_at > load.create_date)
        self.assertTrue(self.server.seen[0]["Authorization"].startswith("Basic "))

    def test_file_that_did_not_change_is_not_loaded_again(self):
        self._fetch()
        count = len(self.price_list.load_ids)
        self._fetch()
        self.assertEqual(self.server.seen[-1]["If-None-Match"], '"1"')
        self.server.etag = '"2"'
        self._fetch()
        self.assertEqual(len(self.price_list.load_ids), count, "the same bytes")

    def test_what_cannot_be_fetched_is_told(self):
        cases = [
            ({"status": 500}, "does not give the file"),
            ({"status": 401}, "refuses login"),
            ({"is_cut": True}, "cannot be reached|cut off"),
            ({"location": "file:///etc/passwd"}, "must begin with"),
        ]
        for values, text in cases:
            with self.subTest(values):
                self.setUp()
                for name, value in values.items():
                    setattr(self.server, name, value)
                load = self._fetch()
                self.assertEqual(load.state, "failed")
                self.assertRegex(load.message, text)
                self.assertEqual(self.price_list.row_count, 300)
                self.assertTrue(self.price_list.activity_ids)

    def test_the_server_itself_is_no_supplier(self):
        name = "auto_service_parts.allow_local_addresses"
        self.env["ir.config_parameter"].set_param(name, "")
        load = self._fetch()
        self.assertIn("leads to the server itself", load.message)
        self.assertFalse(self.server.seen)

    def test_load_whose_screen_was_closed_goes_on(self):
        load = self._receive(self.price_list, make_csv(make_rows(280)))
        load.start()
        load.step()
        self.assertEqual(load.state, "reading")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE auto_service_price_list_load SET write_date = '2020-01-01'"
            " WHERE id = %s",
            [load.id],
        )
        self.env.invalidate_all()
        self.price_list.url = False
        with self.enter_registry_test_mode():
            self.env.ref(
                "auto_service_parts.auto_service_price_list_cron_load"
            ).method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((load.state, self.price_list.row_count), ("done", 280))


@tagged("post_install", "-at_install")
class TestPriceListUpload(PriceListMixin, PartsCommon, HttpCase):
    """Pieces of a file over HTTP, and refused rows back."""

    def test_file_by_pieces_and_refused_rows(self):
        self.env["res.users"].create(
            {
                **{
                    "name": "Parts",
                    "login": "parts_upload",
                    "password": "parts_upload",
                },
                "group_ids": [
                    (4, self.env.ref("base.group_user").id),
                    (4, self.env.ref("auto_service_base.group_parts").id),
                ],
            }
        )
        price_list = self._make_list(make_csv())
        self.authenticate("parts_upload", "parts_upload")
        rows = make_rows()
        rows[3] = (*rows[3][:3], "=1+1", *rows[3][4:])
        content, number = make_csv(rows), price_list.start_upload("list.csv")
        load = self.env["auto.service.price.list.load"].browse(number)
        self.addCleanup(load._remove_files)
        url = f"/auto_service_parts/price_list/{number}"
        for offset in range(0, len(content), 4000):
            answer = self.url_open(
                f"{url}/piece",
                data={"offset": offset, "csrf_token": http.Request.csrf_token(self)},
                files={"piece": ("piece", content[offset : offset + 4000])},
            )
            self.assertEqual(answer.status_code, 200, answer.text)
        self.assertEqual(answer.json(), {"size": len(content)})
        self.assertTrue(load.finish_upload())
        load._run()
        self.assertEqual((load.state, load.bad_count), ("done", 1), load.message)
        answer = self.url_open(f"{url}/refused")
        text = answer.content.decode("utf-8-sig")
        self.assertIn("'=1+1", text, "no formula")
        [row] = list(csv.reader(text.splitlines(), delimiter=";"))[1:]
        self.assertFalse([cell for cell in row if cell.startswith("=")])
