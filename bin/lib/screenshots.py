"""Take pictures of the screens with a headless browser, as the people of the garage.

Called by bin/screenshots. Speaks to Chromium over its debugging protocol; needs nothing
but ``requests`` and ``websocket-client`` of the virtual environment.
"""

import argparse
import base64
import contextlib
import io
import itertools
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import requests
import websocket
from PIL import Image

#: Narrow enough for the host to put the messages below the form.
DESKTOP = (1366, 860, 1)
WIDE = (1920, 1000, 1)
TALL = (1366, 1300, 1)
TABLET = (820, 1180, 1)
PHONE = (412, 892, 2)
LIMIT = 300_000
SAMPLE_FILE = (
    Path(__file__).resolve().parents[2]
    / "auto_service_base/static/import/labour_times.csv"
)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
#: The page is quiet: fonts loaded, no request and no loading indicator.
QUIET = """
document.readyState === "complete" && document.fonts.status === "loaded"
&& !document.querySelector(".o_loading_indicator, .o_blockUI")
&& [...document.images].every((image) => image.complete)
"""


class Browser:
    """A headless Chromium with one page.

    :param str program: path of the browser
    :param str timezone: zone in which the pages show their times
    """

    def __init__(self, program, timezone):
        self.folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.process = subprocess.Popen(
            [
                program,
                "--headless=new",
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--disable-gpu",
                "--hide-scrollbars",
                "--force-color-profile=srgb",
                "--remote-debugging-port=0",
                "--remote-allow-origins=*",
                f"--user-data-dir={self.folder.name}",
                "about:blank",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.socket = websocket.create_connection(self._find_page(), timeout=60)
        self.numbers = itertools.count(1)
        for domain in ("Page", "Runtime", "Network"):
            self.call(f"{domain}.enable")
        self.call("Emulation.setTimezoneOverride", timezoneId=timezone)

    def _find_page(self):
        """Address of the page's debugging socket, once the browser listens."""
        port_file = Path(self.folder.name) / "DevToolsActivePort"
        for _attempt in range(100):
            if port_file.exists() and port_file.read_text().strip():
                port = port_file.read_text().splitlines()[0]
                targets = requests.get(f"http://127.0.0.1:{port}/json", timeout=10)
                pages = [row for row in targets.json() if row["type"] == "page"]
                if pages:
                    return pages[0]["webSocketDebuggerUrl"]
            time.sleep(0.1)
        raise SystemExit("error: the browser does not start")

    def call(self, method, **params):
        """Send a command and return its result."""
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            answer = json.loads(self.socket.recv())
            if answer.get("id") == number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer.get("result", {})

    def evaluate(self, script):
        """Value of a JavaScript expression on the page."""
        result = self.call(
            "Runtime.evaluate",
            expression=script,
            returnByValue=True,
            awaitPromise=True,
        )
        if "exceptionDetails" in result:
            raise RuntimeError(f"{script}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def wait_for(self, condition, what, seconds=60):
        """Wait until a JavaScript condition holds."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with contextlib.suppress(RuntimeError):
                if self.evaluate(f"Boolean({condition})"):
                    return
            time.sleep(0.15)
        raise RuntimeError(f"waited {seconds} s in vain for {what}")

    def resize(self, width, height, scale):
        """Give the page the size of a device."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=scale,
            mobile=width < DESKTOP[0],
        )
        self.call("Emulation.setTouchEmulationEnabled", enabled=width < DESKTOP[0])

    def log_in(self, url, session_id):
        """Become somebody; an empty session is a visitor."""
        # A page that still loads would bring its own session back.
        self._leave()
        self.call("Network.clearBrowserCookies")
        if session_id:
            self.call("Network.setCookie", name="session_id", value=session_id, url=url)

    def _leave(self):
        self.call("Page.navigate", url="about:blank")
        self.wait_for("location.href === 'about:blank'", "an empty page")

    def open(self, url, ready):
        """Open an address and wait until ``ready`` (a CSS selector) is there."""
        self._leave()
        self.call("Page.navigate", url=url)
        self.wait_until_shown(ready)

    def wait_until_shown(self, selector):
        """Wait for an element, then for the page to be quiet."""
        found = f"document.querySelector({json.dumps(selector)})"
        self.wait_for(found, selector)
        self.wait_for(QUIET, "a quiet page")
        time.sleep(0.6)

    def type(self, selector, text):
        """Write into a field as somebody at the keyboard does."""
        self.wait_for(f"document.querySelector({json.dumps(selector)})", selector)
        self.evaluate(f"document.querySelector({json.dumps(selector)}).focus()")
        self.call("Input.insertText", text=text)

    def press_enter(self):
        """Press Enter where the cursor is."""
        key = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13}
        self.call("Input.dispatchKeyEvent", type="rawKeyDown", **key)
        self.call("Input.dispatchKeyEvent", type="keyUp", **key)

    def choose_file(self, selector, path):
        """Give a file to an input for files.

        :param Path path: file on this machine
        """
        root = self.call("DOM.getDocument")["root"]["nodeId"]
        node = self.call("DOM.querySelector", nodeId=root, selector=selector)
        self.call("DOM.setFileInputFiles", nodeId=node["nodeId"], files=[str(path)])

    def click(self, selector):
        """Click the first element that the selector finds."""
        self.wait_for(f"document.querySelector({json.dumps(selector)})", selector)
        self.evaluate(f"document.querySelector({json.dumps(selector)}).click()")

    def take(self, path, full=False):
        """Save the picture, small enough for a repository."""
        # Dialogs of the first visit and the cursor are no part of the screen.
        self.evaluate("document.activeElement && document.activeElement.blur()")
        picture = self.call("Page.captureScreenshot", captureBeyondViewport=full)
        save_small(base64.b64decode(picture["data"]), path)

    def close(self):
        """End the browser."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.folder.cleanup()


def save_small(data, path):
    """Write a PNG below ``LIMIT`` bytes: fewer colours, then fewer pixels.

    :param bytes data: picture as the browser made it
    :param Path path: file to write
    """
    image = Image.open(io.BytesIO(data)).convert("RGB")
    for scale in (1, 0.8, 0.65, 0.5):
        size = (int(image.width * scale), int(image.height * scale))
        small = image.resize(size, Image.LANCZOS) if scale < 1 else image
        small = small.quantize(128, dither=Image.Dither.NONE)
        stream = io.BytesIO()
        small.save(stream, "PNG", optimize=True)
        if stream.tell() < LIMIT:
            break
    path.write_bytes(stream.getvalue())


class Garage:
    """The demo garage as its people see it, over HTTP.

    :param str url: address of the server
    :param str database: database to log in to
    :param Path secrets: folder with one password a login
    """

    def __init__(self, url, database, secrets):
        self.url = url
        self.database = database
        self.secrets = secrets
        self.sessions = {}

    def get_session(self, login):
        """Session of a login; logs in once."""
        if login not in self.sessions:
            session = requests.Session()
            password = (self.secrets / login).read_text(encoding="utf-8").strip()
            self._post(
                session,
                "/web/session/authenticate",
                db=self.database,
                login=login,
                password=password,
            )
            self.sessions[login] = session
        return self.sessions[login]

    def _post(self, session, route, **params):
        answer = session.post(
            self.url + route, json={"jsonrpc": "2.0", "params": params}, timeout=60
        ).json()
        if "error" in answer:
            raise SystemExit(f"error: {route}: {answer['error']['data']['message']}")
        return answer.get("result")  # left out when the method returns nothing

    def find(self, model, domain, fields, login="manager"):
        """First record of a search, as a dict; what the pictures need to be opened."""
        rows = self._post(
            self.get_session(login),
            f"/web/dataset/call_kw/{model}/search_read",
            model=model,
            method="search_read",
            args=[domain, fields],
            kwargs={"limit": 1},
        )
        if not rows:
            raise SystemExit(f"error: no {model} for {domain}")
        return rows[0]

    def call(self, model, method, ids, login="manager"):
        """Call a method of one record."""
        return self._post(
            self.get_session(login),
            f"/web/dataset/call_kw/{model}/{method}",
            model=model,
            method=method,
            args=[ids],
            kwargs={},
        )

    def get_order_id(self, plate):
        """Latest visit of the vehicle with this plate."""
        domain = [("license_plate", "=", plate)]
        return self.find("auto.service.order", domain, ["id"])["id"]


# The screens: one function each, the name is that of the picture ---------------


def shoot_form(browser, garage, path, plate, page=None, device=DESKTOP):
    """The work order's form, on one of its pages."""
    browser.resize(*device)
    order_id = garage.get_order_id(plate)
    browser.open(
        f"{garage.url}/odoo/service-work-orders/{order_id}", ".o_form_view .o_notebook"
    )
    if page:
        browser.click(f".o_notebook .nav-link[name={page}]")
        browser.wait_until_shown(f".o_notebook .nav-link.active[name={page}]")
    browser.take(path)


def shoot_page(browser, garage, path, route, ready, device=DESKTOP, full=False):
    """Any address."""
    browser.resize(*device)
    browser.open(garage.url + route, ready)
    browser.take(path, full)


def board(browser, garage, path):
    """Work orders by stage."""
    shoot_page(
        browser, garage, path, "/odoo/service-work-orders", ".o_kanban_record", WIDE
    )


def quick_create(browser, garage, path):
    """A call comes in: plate, name, telephone in one card."""
    browser.resize(*DESKTOP)
    browser.open(garage.url + "/odoo/service-work-orders", ".o_kanban_record")
    browser.click(".o-kanban-button-new")
    browser.wait_until_shown(".o_kanban_quick_create input")
    browser.take(path)


def work_order_list(browser, garage, path):
    """Work orders as a list."""
    route = "/odoo/service-work-orders?view_type=list"
    shoot_page(browser, garage, path, route, ".o_data_row")


def work_order_calendar(browser, garage, path):
    """What is promised when."""
    route = "/odoo/service-work-orders?view_type=calendar"
    shoot_page(browser, garage, path, route, ".fc-event")


def work_order(browser, garage, path):
    """The estimate that is being written, and what is approved already."""
    shoot_form(browser, garage, path, "KLP-915")


def work_order_second_payer(browser, garage, path):
    """The insurer pays a part of the visit."""
    shoot_form(browser, garage, path, "017 BRS 02")


def work_order_jobs(browser, garage, path):
    """Jobs with technicians and hours."""
    shoot_form(browser, garage, path, "147 FVD", "jobs")


def work_order_reception(browser, garage, path):
    """Reception: odometer, fuel, damage, signature."""
    shoot_form(browser, garage, path, "017 BRS 02", "reception")


def work_order_time(browser, garage, path):
    """Clocked time and time per stage."""
    shoot_form(browser, garage, path, "482 KTR", "time")


def vehicle_list(browser, garage, path):
    """Vehicles of the customers."""
    shoot_page(browser, garage, path, "/odoo/vehicles?view_type=list", ".o_data_row")


def vehicle(browser, garage, path):
    """A vehicle with people, odometer, visits and recommendations."""
    domain = [("license_plate", "=", "123 ABC")]
    vehicle = garage.find("fleet.vehicle", domain, ["id"])
    route = f"/odoo/vehicles/{vehicle['id']}"
    shoot_page(browser, garage, path, route, ".o_form_view .o_field_widget")


def customer(browser, garage, path):
    """A customer at a glance."""
    domain = [("name", "=", "Päikese Bakery OÜ")]
    partner = garage.find("res.partner", domain, ["id"])
    route = f"/odoo/garage-customers/{partner['id']}"
    shoot_page(browser, garage, path, route, ".o_form_view .o_field_widget")


def recommendations(browser, garage, path):
    """Work that was declined or put off."""
    shoot_page(browser, garage, path, "/odoo/recommendations", ".o_data_row")


def my_jobs(browser, garage, path):
    """The technician's screen on a tablet: no prices."""
    shoot_page(browser, garage, path, "/odoo/my-jobs", ".o_kanban_record", TABLET)


def my_job(browser, garage, path):
    """One job on the technician's tablet."""
    domain = [("name", "=", "Gearbox oil change")]
    job = garage.find("auto.service.job", domain, ["id"])
    route = f"/odoo/my-jobs/{job['id']}"
    shoot_page(browser, garage, path, route, ".o_form_view .o_notebook", TABLET)


def portal_estimate(browser, garage, path):
    """The customer's telephone: the estimate, opened by its link."""
    order_id = garage.get_order_id("639 RJB")
    domain = [("work_order_id", "=", order_id), ("state", "=", "sent")]
    estimate = garage.find("sale.order", domain, ["id"])
    action = garage.call("sale.order", "action_preview_sale_order", [estimate["id"]])
    route = action["url"].replace(garage.url, "")
    shoot_page(browser, garage, path, route, "#quote_content, .o_portal", PHONE, True)


def invoice(browser, garage, path):
    """The invoice in the host's own screen, for the accountant."""
    domain = [("move_type", "=", "out_invoice"), ("payment_state", "=", "not_paid")]
    move = garage.find("account.move", domain, ["id"], "accountant")
    route = f"/odoo/customer-invoices/{move['id']}"
    shoot_page(browser, garage, path, route, ".o_form_view .o_notebook")


def hours(browser, garage, path):
    """Book, judged, authorised, clocked and billed hours."""
    shoot_page(browser, garage, path, "/odoo/jobs?view_type=pivot", ".o_pivot table")


def operations(browser, garage, path):
    """Labour operations."""
    shoot_page(browser, garage, path, "/odoo/operations", ".o_data_row")


def open_picker(browser, garage, plate, tab=None):
    """The dialog "Add work" on the visit of a vehicle."""
    browser.resize(*DESKTOP)
    order_id = garage.get_order_id(plate)
    browser.open(
        f"{garage.url}/odoo/service-work-orders/{order_id}",
        ".o_form_view .o_labour_open",
    )
    browser.click(".o_form_view .o_labour_open")
    browser.wait_until_shown(".o_labour_picker .o_labour_item")
    if tab:
        browser.click(f".o_labour_picker .o_labour_tabs [data-tab={tab}]")
        browser.wait_until_shown(".o_labour_picker .o_labour_item")


def pick(browser, text, number):
    """Search in the dialog and take the best hit, until so many rows are there."""
    field = ".o_labour_picker .o_labour_search_input"
    browser.evaluate(f"document.querySelector({json.dumps(field)}).select()")
    browser.type(field, text)
    word = json.dumps(text.split()[0])
    browser.wait_for(
        "(document.querySelector('.o_labour_highlighted')?.textContent || '')"
        f".includes({word})",
        f"{text} in the list",
    )
    browser.press_enter()
    browser.wait_for(
        "document.querySelectorAll('.o_labour_basket .o_labour_line').length"
        f" >= {number}",
        f"{number} rows in the basket",
    )
    browser.wait_until_shown(".o_labour_basket .o_labour_line")


def labour_picker(browser, garage, path):
    """Timing belt and water pump: the shared work deducted, with the reason."""
    open_picker(browser, garage, "147 FVD")
    pick(browser, "M-030", 1)
    pick(browser, "M-032", 2)
    browser.take(path)


def labour_which_engine(browser, garage, path):
    """The engine is not known: the dialog asks which one it is."""
    open_picker(browser, garage, "264 PDK")
    browser.click(".o_labour_candidates")
    browser.wait_until_shown(".o-dropdown--menu")
    browser.take(path)


def labour_packages(browser, garage, path):
    """Packages in the dialog: those for this vehicle first."""
    open_picker(browser, garage, "264 PDK", "package")
    browser.take(path)


def labour_estimate(browser, garage, path):
    """Belt and pump on an estimate, one hour judged by the advisor."""
    shoot_form(browser, garage, path, "316 BKR")


def labour_explain(browser, garage, path):
    """Where the hours of the water pump come from."""
    browser.resize(*DESKTOP)
    order_id = garage.get_order_id("316 BKR")
    browser.open(
        f"{garage.url}/odoo/service-work-orders/{order_id}",
        ".o_form_view .o_labour_explain",
    )
    browser.click(".o_form_view .o_labour_explain[data-state=deducted]")
    browser.wait_until_shown(".o_labour_explanation .o_labour_final")
    browser.take(path)


def packages(browser, garage, path):
    """Packages of the catalogue."""
    shoot_page(browser, garage, path, "/odoo/packages", ".o_kanban_record, .o_data_row")


def maintenance(browser, garage, path):
    """What is due on a vehicle, and when it gets there."""
    browser.resize(*TALL)
    domain = [("license_plate", "=", "411 VLC")]
    vehicle = garage.find("fleet.vehicle", domain, ["id"])
    browser.open(
        f"{garage.url}/odoo/vehicles/{vehicle['id']}", ".o_form_view .o_notebook"
    )
    browser.click(".o_notebook .nav-link[name=page_maintenance]")
    browser.wait_until_shown(".o_notebook .nav-link.active[name=page_maintenance]")
    browser.take(path)


def service_due(browser, garage, path):
    """Vehicles whose maintenance is due."""
    shoot_page(browser, garage, path, "/odoo/service-due", ".o_data_row")


def labour_times(browser, garage, path):
    """Labour times by operation and vehicle type."""
    shoot_page(browser, garage, path, "/odoo/labour-times", ".o_data_row")


def vehicle_types(browser, garage, path):
    """Vehicle types."""
    shoot_page(browser, garage, path, "/odoo/vehicle-types", ".o_data_row")


def labour_proposals(browser, garage, path):
    """Times that the garage learned from its finished jobs."""
    shoot_page(browser, garage, path, "/odoo/observed-times", ".o_data_row")


def labour_import(browser, garage, path):
    """The sample file, read and checked."""
    browser.resize(*DESKTOP)
    browser.open(
        garage.url + "/odoo/labour-imports/new", ".o_form_view input[type=file]"
    )
    browser.choose_file(".o_form_view input[type=file]", SAMPLE_FILE)
    browser.wait_until_shown(".o_labour_import_check")
    browser.click(".o_labour_import_check")
    browser.wait_until_shown(".o_labour_import_load")
    browser.take(path)


def remove_demo(browser, garage, path):
    """One click removes the demo garage."""
    browser.resize(*DESKTOP)
    browser.open(garage.url + "/odoo/service-work-orders", ".o_kanban_record")
    browser.click(
        "button[data-menu-xmlid='auto_service_base.auto_service_configuration_menu']"
    )
    selector = "[data-menu-xmlid='auto_service_demo.auto_service_demo_menu']"
    browser.wait_until_shown(selector)
    browser.click(selector)
    browser.wait_until_shown(".modal .o_form_view footer, .modal-footer button")
    browser.take(path)


def shoot_report(browser, garage, path, report, plate):
    """A document as HTML: the same template that becomes the PDF."""
    order_id = garage.get_order_id(plate)
    browser.resize(1000, 1414, 1)
    route = f"/report/html/{report}/{order_id}"
    browser.open(garage.url + route, "main, .article, .page")
    browser.take(path)


def report_reception(browser, garage, path):
    """Reception act."""
    report = "auto_service_base.report_reception"
    shoot_report(browser, garage, path, report, "017 BRS 02")


def report_floor(browser, garage, path):
    """Work order for the floor, without prices."""
    report = "auto_service_base.report_floor"
    shoot_report(browser, garage, path, report, "147 FVD")


def report_completion(browser, garage, path):
    """Act of completed work."""
    report = "auto_service_base.report_completion"
    shoot_report(browser, garage, path, report, "482 KTR")


def bay_board(browser, garage, path):
    """Every bay of the day, with what is still to be placed."""
    browser.resize(*WIDE)
    browser.open(garage.url + "/odoo/board", ".o_board [data-block]")
    browser.take(path)


def board_technicians(browser, garage, path):
    """Every technician; one is ill and his work is red."""
    browser.resize(*WIDE)
    browser.open(garage.url + "/odoo/board", ".o_board [data-block]")
    browser.click(".o_board_roles [data-role=technician]")
    browser.click(".o_board_next")
    browser.wait_until_shown(".o_board [data-look=replan]")
    browser.take(path)


def board_week(browser, garage, path):
    """The week of all bays."""
    browser.resize(*WIDE)
    browser.open(garage.url + "/odoo/board", ".o_board [data-block]")
    browser.click(".o_board_scales button:last-child")
    browser.wait_until_shown(".o_board_scales button:last-child.active")
    browser.wait_until_shown(".o_board [data-block]")
    browser.take(path)


def board_wall(browser, garage, path):
    """The screen on the wall: no plates, no names."""
    browser.resize(*WIDE)
    browser.open(garage.url + "/odoo/board-wall", ".o_board [data-block]")
    browser.take(path)


def replan(browser, garage, path):
    """A technician's day in one dialog: from what to what."""
    browser.resize(*DESKTOP)
    browser.open(garage.url + "/odoo/replan", ".o_replan_all")
    browser.click(".o_replan_all")
    browser.wait_until_shown(".modal .o_replan_apply .o_data_row")
    browser.take(path)


def bookings(browser, garage, path):
    """Bookings by state."""
    shoot_page(browser, garage, path, "/odoo/bookings", ".o_kanban_record, .o_data_row")


def open_booking(browser, garage, plate):
    """The form of the booking of a vehicle."""
    domain = [("license_plate", "=", plate)]
    booking = garage.find("auto.service.booking", domain, ["id"])
    browser.open(
        f"{garage.url}/odoo/bookings/{booking['id']}", ".o_form_view .o_notebook"
    )


def booking(browser, garage, path):
    """A booking with its services and its time."""
    browser.resize(*DESKTOP)
    open_booking(browser, garage, "314 BKR")
    browser.take(path)


def find_time(browser, garage, path):
    """Times at which all that the work needs is free together."""
    browser.resize(*DESKTOP)
    open_booking(browser, garage, "376 MVP")
    browser.click("button[name=action_find_time]")
    browser.wait_until_shown(".modal .o_auto_service_offer")
    browser.take(path)


def booking_link(browser, garage, path):
    """The customer picks his time on the phone."""
    domain = [("license_plate", "=", "376 MVP")]
    row = garage.find("auto.service.booking", domain, ["id"])
    garage.call("auto.service.booking", "action_make_link", [row["id"]])
    row = garage.find("auto.service.booking", domain, ["link_url"])
    browser.resize(*PHONE)
    browser.open(garage.url + "/" + row["link_url"].split("/", 3)[3], "main, #wrap")
    browser.take(path)


def shifts(browser, garage, path):
    """Shifts painted into the month."""
    shoot_page(browser, garage, path, "/odoo/shifts", ".o_shift_grid")


def capacity(browser, garage, path):
    """Hours there are, booked and free in the coming weeks."""
    shoot_page(browser, garage, path, "/odoo/capacity", "canvas")


def ask_for_part(browser, garage, number):
    """Type a number into the one box."""
    browser.open(garage.url + "/odoo/parts-enquiry", ".o_parts_search_input")
    browser.type(".o_parts_search_input", number)
    browser.click(".o_parts_search_go")


def parts_enquiry(browser, garage, path):
    """A number in any spelling: another maker's part in stock, and three lists."""
    browser.resize(*DESKTOP)
    ask_for_part(browser, garage, "gdb-13 30")
    browser.wait_until_shown(".o_parts_offer")
    browser.take(path)


def parts_namesakes(browser, garage, path):
    """One number, several brands: which one is meant."""
    browser.resize(*DESKTOP)
    ask_for_part(browser, garage, "402")
    browser.wait_until_shown(".o_parts_brand_choice")
    browser.take(path)


def parts_enquiries(browser, garage, path):
    """What was asked, by whom, for which vehicle."""
    shoot_page(browser, garage, path, "/odoo/parts-enquiries", ".o_data_row")


def parts_to_order(browser, garage, path):
    """A part that a visit waits for, ordered from a supplier."""
    shoot_form(browser, garage, path, "558 GNT")


def parts_markup(browser, garage, path):
    """How the price for the customer is made."""
    shoot_page(browser, garage, path, "/odoo/parts-markups", ".o_data_row")


def price_lists(browser, garage, path):
    """Price lists with their age."""
    shoot_page(
        browser, garage, path, "/odoo/price-lists", ".o_data_row, .o_kanban_record"
    )


def price_list(browser, garage, path):
    """Which column of the supplier's file means what."""
    row = garage.find(
        "auto.service.price.list", [("name", "ilike", "Avtodetal")], ["id"]
    )
    route = f"/odoo/price-lists/{row['id']}"
    shoot_page(browser, garage, path, route, ".o_form_view .o_notebook")


def scanner(browser, garage, path):
    """What can be done with a scanner, on the tablet at the counter."""
    browser.resize(*TABLET)
    browser.open(garage.url + "/odoo/warehouse-scan", ".o_scan")
    browser.take(path)


def pick_list(browser, garage, path):
    """Parts for the visits of today and tomorrow, by bin."""
    shoot_page(browser, garage, path, "/odoo/pick-list", ".o_group_header")


def part_balance(browser, garage, path):
    """One part: where it lies, for whom, what was sold."""
    browser.resize(*DESKTOP)
    domain = [("default_code", "=", "OC 1063")]
    row = garage.find("product.product", domain, ["id"])
    route = f"/odoo/part-balance/{row['id']}"
    shoot_page(
        browser,
        garage,
        path,
        route,
        ".o_balance_title",
    )


def low_stock(browser, garage, path):
    """What has to be bought, and why."""
    shoot_page(browser, garage, path, "/odoo/low-stock", ".o_data_row")


def tools(browser, garage, path):
    """Who has which tool."""
    shoot_page(browser, garage, path, "/odoo/tools", ".o_kanban_record")


SCREENS = [  # (login, screen)
    ("advisor", board),
    ("advisor", quick_create),
    ("advisor", work_order_list),
    ("advisor", work_order_calendar),
    ("advisor", work_order),
    ("manager", work_order_second_payer),
    ("advisor", work_order_jobs),
    ("advisor", work_order_reception),
    ("advisor", work_order_time),
    ("advisor", vehicle_list),
    ("advisor", vehicle),
    ("advisor", customer),
    ("advisor", recommendations),
    ("technician", my_jobs),
    ("technician", my_job),
    (None, portal_estimate),
    ("accountant", invoice),
    ("manager", hours),
    ("manager", operations),
    ("advisor", labour_picker),
    ("advisor", labour_which_engine),
    ("advisor", labour_packages),
    ("advisor", labour_estimate),
    ("advisor", labour_explain),
    ("advisor", packages),
    ("advisor", maintenance),
    ("advisor", service_due),
    ("manager", labour_times),
    ("manager", vehicle_types),
    ("manager", labour_proposals),
    ("manager", labour_import),
    ("advisor", bay_board),
    ("advisor", board_technicians),
    ("advisor", board_week),
    ("technician", board_wall),
    ("advisor", replan),
    ("advisor", bookings),
    ("advisor", booking),
    ("advisor", find_time),
    ("advisor", parts_enquiry),
    ("advisor", parts_namesakes),
    ("advisor", parts_enquiries),
    ("parts", parts_to_order),
    ("manager", parts_markup),
    ("parts", price_lists),
    ("parts", price_list),
    ("parts", scanner),
    ("parts", pick_list),
    ("parts", part_balance),
    ("parts", low_stock),
    ("parts", tools),
    (None, booking_link),
    ("manager", shifts),
    ("manager", capacity),
    ("manager", remove_demo),
    ("advisor", report_reception),
    ("advisor", report_floor),
    ("advisor", report_completion),
]


def parse_arguments():
    """Options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", required=True)
    parser.add_argument("--database", required=True)
    parser.add_argument("--secrets", required=True, type=Path)
    parser.add_argument("--output", required=True, type=Path)
    parser.add_argument("--timezone", default="Europe/Tallinn")
    parser.add_argument("names", nargs="*", metavar="NAME")
    return parser.parse_args()


def main():
    """Take all pictures; exit 1 when one could not be taken."""
    options = parse_arguments()
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not program:
        raise SystemExit("error: no Chromium here. apt-get install chromium")
    garage = Garage(options.url, options.database, options.secrets)
    browser = Browser(program, options.timezone)
    failed = 0
    try:
        for login, screen in SCREENS:
            name = screen.__name__
            if options.names and name not in options.names:
                continue
            session = garage.get_session(login).cookies["session_id"] if login else ""
            browser.log_in(options.url, session)
            path = options.output / f"{name}.png"
            try:
                screen(browser, garage, path)
                print(f"{name:26} {path.stat().st_size // 1000:4} kB", flush=True)
            except (RuntimeError, SystemExit) as error:
                failed += 1
                print(f"{name:26} FAILED: {error}", flush=True)
    finally:
        browser.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
