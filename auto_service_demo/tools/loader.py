"""Build the demo garage with the actions that its people would use."""

import base64
import csv
import re
from datetime import timedelta
from io import BytesIO

from dateutil.relativedelta import relativedelta
from PIL import Image, ImageDraw

from odoo import fields
from odoo.fields import Command
from odoo.tools import file_open

from .history import get_history
from .labour import LabourLoader
from .parts import PartsLoader
from .planning import PlanningLoader
from .timeline import Timeline
from .visits import VISITS
from .warehouse import WarehouseLoader

FOLDER = "auto_service_demo/garage"
TIMEZONE = "Europe/Tallinn"
USERS = [
    # login, name, groups
    ("advisor", "Kaisa Lepik", ["auto_service_base.group_advisor"]),
    ("technician", "Tanel Sepp", ["auto_service_base.group_technician"]),
    ("parts", "Zsófia Varga", ["auto_service_base.group_parts"]),
    ("manager", "Andres Kallas", ["auto_service_base.group_manager"]),
    ("accountant", "Marina Orlova", ["account.group_account_invoice"]),
]
#: Place in the list = ``tech`` of a job; the first one has a login.
TECHNICIANS = ["Tanel Sepp", "Bence Horváth", "Aibek Nurgaliev", "Sergei Volkov"]
HISTORY_YEARS = 3


def read_rows(name):
    """Rows of one file of the garage.

    :param str name: file name without ending
    :return: list of dicts
    """
    with file_open(f"{FOLDER}/{name}.csv") as stream:
        return list(csv.DictReader(stream))


def draw_signature(name):
    """Something that looks like a signature.

    :param str name: drives the strokes, so that every customer has his own
    :return: PNG in base64
    """
    image = Image.new("RGB", (360, 110), "white")
    codes = [ord(letter) for letter in name]
    points = [
        (20 + index * 320 // len(codes), 55 + (code * 37 % 60) - 30)
        for index, code in enumerate(codes)
    ]
    ImageDraw.Draw(image).line(points, fill="#1b2a6b", width=4, joint="curve")
    stream = BytesIO()
    image.save(stream, "PNG")
    return base64.b64encode(stream.getvalue())


class GarageLoader:
    """Creates the garage; the register of it is the business of the caller.

    :param env: environment of the superuser
    """

    def __init__(self, env):
        self.env = env(
            context=dict(
                env.context,
                auto_service_demo_load=True,
                lang="en_US",
                tz=TIMEZONE,
                no_reset_password=True,
                mail_auto_subscribe_no_notify=True,
                mail_notify_force_send=False,
            )
        )
        self.company = env.company
        self.now = fields.Datetime.now()
        self.timeline = Timeline(self.now, TIMEZONE)
        self.users = {}
        self.customers = {}
        self.vehicles = {}
        self.labour = LabourLoader(self, read_rows)
        self.planning = PlanningLoader(self)
        self.garage_parts = PartsLoader(self, read_rows)
        self.warehouse = WarehouseLoader(self)

    def load(self):
        """Everything, in the order in which it depends on each other."""
        self._create_users()
        self.planning.create_calendar()
        self._create_technicians()
        self._create_customers()
        self._create_operations()
        self.planning.create_resources()
        self.warehouse.create_bins()
        self.parts = self.garage_parts.create_parts()
        self.garage_parts.create_crosses()
        self.labour.create_types()
        self.labour.create_times()
        self.labour.create_rules()
        self._create_vehicles()
        for visit in [*get_history(), *VISITS]:
            VisitPlayer(self, visit).play()
        self.garage_parts.count_shelves()
        self.garage_parts.load_price_lists()
        self.garage_parts.ask()
        self.warehouse.load()
        self.labour.create_maintenance()
        self.env["auto.service.operation"]._cron_count_sold()
        self.planning.plan()

    # People -------------------------------------------------------------------

    def _create_users(self):
        users = self.env["res.users"]
        for login, name, groups in USERS:
            group_ids = [self.env.ref(xml_id).id for xml_id in groups]
            self.users[login] = users.create(
                {
                    "name": name,
                    "login": self._get_free_login(login),
                    "email": f"{login}@garage.example.com",
                    "tz": TIMEZONE,
                    "lang": "en_US",
                    "company_id": self.company.id,
                    "company_ids": [Command.set(self.company.ids)],
                    "group_ids": [Command.set(group_ids)],
                    "notification_type": "inbox",
                }
            )

    def _get_free_login(self, login):
        """``login``, or another one when somebody has it already."""
        users = self.env["res.users"].with_context(active_test=False)
        taken = users.search_count([("login", "=", login)])
        return f"{login}.demo" if taken else login

    def _create_technicians(self):
        login = self.users["technician"]
        self.technicians = self.env["hr.employee"].create(
            [
                {
                    "name": name,
                    "company_id": self.company.id,
                    "user_id": login.id if name == login.name else False,
                    "job_title": "Technician",
                    "resource_calendar_id": self.planning.calendar.id,
                    "tz": TIMEZONE,
                    "work_email": f"{name.split()[0].lower()}@garage.example.com",
                }
                for name in TECHNICIANS
            ]
        )

    def _create_customers(self):
        countries = {
            country.code: country
            for country in self.env["res.country"].search(
                [("code", "in", ["EE", "HU", "KZ"])]
            )
        }
        position = self._get_domestic_position()
        for row in read_rows("customers"):
            self.customers[row["key"]] = self.env["res.partner"].create(
                {
                    "name": row["name"],
                    "is_company": row["is_company"] == "1",
                    "phone": row["phone"],
                    "email": row["email"],
                    "street": row["street"],
                    "city": row["city"],
                    "zip": row["zip"],
                    "country_id": countries[row["country"]].id,
                    "property_account_position_id": position.id,
                }
            )

    def _get_domestic_position(self):
        """Fiscal position with the company's own taxes: wherever the company is, the
        garage sells at home.

        :return: account.fiscal.position record, may be empty
        """
        return self.env["account.fiscal.position"].search(
            [
                ("company_id", "=", self.company.id),
                ("country_id", "=", self.company.account_fiscal_country_id.id),
            ],
            limit=1,
        )

    # Catalogue ----------------------------------------------------------------

    def _create_operations(self):
        """The starter catalogue; a code that the company already uses is left alone."""
        catalogue = self.env["auto.service.catalogue"]
        catalogue._load()
        codes = [row["code"] for row in catalogue._read_rows("operations")]
        operations = self.env["auto.service.operation"].with_context(active_test=False)
        found = operations.search(
            [("code", "in", codes), ("company_id", "in", [False, self.company.id])]
        )
        self.operations = {operation.code: operation for operation in found}

    # Vehicles -----------------------------------------------------------------

    def _create_vehicles(self):
        for row in read_rows("vehicles"):
            vehicle = self.env["fleet.vehicle"].create(self._prepare_vehicle(row))
            self.vehicles[row["plate"]] = (vehicle, row)
            self._create_people(vehicle, row)
            self._create_readings(vehicle, row)

    def _prepare_vehicle(self, row):
        owner = self.customers[row["owner"]]
        model = self.get_model(row)
        return {
            **self.labour.prepare_vehicle(model, row["engine_code"]),
            "license_plate": row["plate"],
            "is_customer_vehicle": True,
            "model_id": model.id,
            "vin_sn": row["vin"],
            "first_registration_date": row["first_registration"],
            "model_year": row["first_registration"][:4],
            "engine_code": row["engine_code"] or False,
            "fuel_type": row["fuel"],
            "color": row["color"].capitalize(),
            "company_id": self.company.id,
            "owner_id": owner.id,
        }

    def get_model(self, row):
        """Model of the host's brand; created when the host does not have it.

        :param dict row: with ``brand`` and ``model``
        """
        models = self.env["fleet.vehicle.model"]
        brand = self.get_brand(row["brand"])
        return models.search(
            [("brand_id", "=", brand.id), ("name", "=", row["model"])], limit=1
        ) or models.create(
            {"brand_id": brand.id, "name": row["model"], "vehicle_type": "car"}
        )

    def get_brand(self, name):
        """The host's brand; created when the host does not have it."""
        brands = self.env["fleet.vehicle.model.brand"]
        return brands.search([("name", "=", name)], limit=1) or brands.create(
            {"name": name}
        )

    def _create_people(self, vehicle, row):
        """Own the vehicle since some day in the past, with its driver."""
        since = fields.Date.to_date(row["first_registration"]) + timedelta(days=400)
        since = min(since, self.now.date() - timedelta(days=700))
        vehicle.person_ids.write({"date_from": since})
        if row["driver"]:
            owner = self.customers[row["owner"]]
            driver = self.env["res.partner"].create(
                {
                    "name": row["driver"],
                    "parent_id": owner.id if owner.is_company else False,
                    "type": "contact",
                }
            )
            self.env["auto.service.vehicle.person"].create(
                {
                    "vehicle_id": vehicle.id,
                    "partner_id": driver.id,
                    "role": "driver",
                    "date_from": since,
                }
            )

    def _create_readings(self, vehicle, row):
        """Yearly readings of the years before."""
        today = self.now.date()
        first = fields.Date.to_date(row["first_registration"])
        for years in range(HISTORY_YEARS, 0, -1):
            date = today - relativedelta(years=years, days=vehicle.id % 60)
            if date > first:
                vehicle._record_odometer(self.get_odometer(row, date), date=date)

    def get_odometer(self, row, date):
        """Odometer of a vehicle on a day, from what it drives in a year.

        :param dict row: row of the vehicles' file
        :param date date: day, not after today
        :return: integer in kilometres, never below 100
        """
        days = (self.now.date() - date).days
        driven = int(row["km_per_year"]) * days / 365
        return max(100, int(row["odometer"]) - int(driven))

    # Lines --------------------------------------------------------------------

    def prepare_line(self, text):
        """Values of an estimate line from ``code``, ``code x4`` or ``code =1.5``.

        :param str text: code of an operation or number of a part, with the quantity,
            or with the hours that the advisor judged
        :return: dict without order and job
        """
        code, _sep, quantity, judged = re.fullmatch(
            r"(.+?)( x(\d+)| =([\d.]+))?", text
        ).groups()
        if code in self.operations:
            operation = self.operations[code]
            values = {"operation_id": operation.id}
            if judged:
                values["product_uom_qty"] = float(judged)
            if quantity:
                hours = operation.hours * int(quantity)
                values.update(product_uom_qty=hours, book_hours=hours)
            return values
        return {
            "product_id": self.parts[code].id,
            "product_uom_qty": float(quantity or 1),
        }


class VisitPlayer:
    """Plays one visit with the users of the garage, then moves it to its days.

    :param GarageLoader loader: the garage
    :param dict visit: see ``visits``
    """

    def __init__(self, loader, visit):
        self.loader = loader
        self.env = loader.env
        self.visit = visit
        self.timeline = loader.timeline
        self.vehicle, self.row = loader.vehicles[visit["plate"]]
        self.came = self.timeline.get_arrival(visit)
        self.jobs = []

    def as_user(self, login, records):
        """``records`` in the hands of one of the users."""
        return records.with_user(self.loader.users[login]).with_context(
            self.env.context, allowed_company_ids=self.loader.company.ids
        )

    def play(self):
        """The whole visit, as far as it got."""
        self._write_order()
        self._write_jobs()
        self._ask_customer()
        self._bring_vehicle()
        self._estimate_for_second_payer()
        self._find_more()
        self._work()
        self._wait()
        self._check_and_invoice()
        self._finish()
        self.timeline.backdate(self)

    # Desk ---------------------------------------------------------------------

    def _write_order(self):
        visit = self.visit
        orders = self.as_user("advisor", self.env["auto.service.order"])
        self.order = orders.create(
            {
                "plate_entry": visit["plate"],
                "complaint": visit["complaint"],
                "promised_at": self.timeline.get_promise(visit, self.came),
                "priority": visit.get("priority", "0"),
                "is_waiter": visit.get("waiter", False),
            }
        )

    def _write_jobs(self):
        for values in self.visit["jobs"]:
            job = self.order.env["auto.service.job"].create(
                self._prepare_job(self.order, values)
            )
            estimate = self.order._get_or_create_estimate()
            self._write_lines(estimate, job, values)
            self.jobs.append((job, values))
        if self.visit.get("explain"):
            self.order.estimate_id.show_labour_detail = True

    def _prepare_job(self, order, values):
        technician = values.get("tech")
        return {
            "order_id": order.id,
            "name": values["name"],
            "sequence": 10 + len(self.jobs),
            "complaint": values.get("complaint"),
            "cause": values.get("cause"),
            "correction": values.get("correction"),
            "technician_id": False
            if technician is None
            else self.loader.technicians[technician].id,
        }

    def _write_lines(self, estimate, job, values):
        estimate.env["sale.order.line"].create(
            [
                {
                    "order_id": estimate.id,
                    "job_id": job.id,
                    **self.loader.prepare_line(text),
                }
                for text in values["lines"]
            ]
        )

    def _ask_customer(self):
        """Send the estimate, drop what the customer does not want, approve the rest."""
        approval = self.visit.get("approval")
        if not approval:
            return
        estimate = self.order.estimate_id
        estimate.action_quotation_sent()
        for job, values in self.jobs:
            if values.get("say") == "defer":
                job.action_defer()
            elif values.get("say") == "decline":
                job.action_decline()
        if approval == "portal":
            self._sign(estimate)
        elif approval != "sent":
            self._approve(estimate, approval, self.visit.get("note"))

    def _sign(self, estimate):
        """The customer signs on the portal: the host's fields, the host's method."""
        name = estimate.partner_id.name
        estimate_sudo = estimate.sudo()  # the portal works with sudo as well
        estimate_sudo.write(
            {
                "signed_by": name,
                "signed_on": self.loader.now,
                "signature": draw_signature(name),
            }
        )
        estimate_sudo.action_confirm()

    def _approve(self, estimate, method, note=None):
        wizard = estimate.env["auto.service.order.approve"].create(
            {"sale_order_id": estimate.id, "method": method, "note": note}
        )
        wizard.action_approve()

    def _bring_vehicle(self):
        """Prepare the visit, take the vehicle in."""
        step = self.visit["step"]
        if step == "booked":
            return
        if step == "prepared":
            self.order._move_to_step("prepared")
            return
        odometer = self.loader.get_odometer(self.row, self.came.date())
        self.order.write(
            {
                "odometer_in": odometer,
                "fuel_level": self.visit.get("fuel", "50"),
                "damage_note": self.visit.get("damage"),
                "items_left": self.visit.get("items_left"),
                "key_tag": self.visit.get("key_tag"),
                "reception_signed_by": self.order.partner_id.name,
                "reception_signed_on": self.came,
                "reception_signature": draw_signature(self.order.partner_id.name),
            }
        )
        self.order.action_receive()

    def _estimate_for_second_payer(self):
        values = self.visit.get("second")
        if not values:
            return
        dialog = self.order.env["auto.service.order.estimate"].create(
            {
                "order_id": self.order.id,
                "pay_type": values["pay_type"],
                "partner_id": self.loader.customers[values["payer"]].id,
            }
        )
        dialog.action_create_estimate()
        estimate = self._write_extra(values)
        self._approve(estimate, "email", values["note"])

    def _find_more(self):
        """Work found during the repair goes to the customer as one more estimate."""
        values = self.visit.get("extra")
        if values:
            self._write_extra(values).action_quotation_sent()

    def _wait(self):
        """Nothing goes on until parts or an answer come."""
        if self.visit.get("waiting"):
            reason = self.env.ref(f"auto_service_base.{self.visit['waiting']}")
            self.order.waiting_reason_id = reason

    def _write_extra(self, values):
        estimate = self.order._get_or_create_estimate(values.get("pay_type"))
        job = self.order.env["auto.service.job"].create(
            self._prepare_job(self.order, values)
        )
        self._write_lines(estimate, job, values)
        self.jobs.append((job, values))
        return estimate

    # Floor --------------------------------------------------------------------

    def _work(self):
        for job, values in self.jobs:
            work = values.get("work", "todo")
            if work == "todo" or values.get("say"):
                continue
            job = self._take_job(job)
            job.action_start()
            if self.visit.get("issue", True):
                self.as_user("parts", job).action_issue_parts()
            if work == "done":
                job.action_finish()
            elif work == "paused":
                job.action_pause()

    def _take_job(self, job):
        """The job in the hands of its technician, or of the advisor for him."""
        user = job.sudo().technician_id.user_id
        mine = user == self.loader.users["technician"]
        return self.as_user("technician" if mine else "advisor", job)

    def _check_and_invoice(self):
        step, money = self.visit["step"], self.visit.get("money")
        if step in ("ready", "delivered", "followed_up"):
            self.order.road_test_done = True
            self.as_user("manager", self.order).action_quality_ok()
        if money:
            date = self.timeline.get_done_date(self)
            order = self.order.with_context(auto_service_demo_invoice_date=date)
            order.action_invoice()
        if money == "paid":
            self._pay(date)

    def _pay(self, date):
        invoices = self.as_user("accountant", self.order.sudo().invoice_ids)
        wizard = invoices.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoices.ids
        )
        wizard.create({"payment_date": date}).action_create_payments()

    def _finish(self):
        step = self.visit["step"]
        if step in ("delivered", "followed_up"):
            self.order.odometer_out = self.order.odometer_in + 6
            self.order.action_close()
        if step == "followed_up":
            self.order._move_to_step("followed_up")
        if self.visit.get("cancel"):
            xml_id, note = self.visit["cancel"]
            self.order.env["auto.service.order.cancel"].create(
                {
                    "order_ids": [Command.set(self.order.ids)],
                    "reason_id": self.env.ref(f"auto_service_base.{xml_id}").id,
                    "note": note,
                }
            ).action_cancel_orders()
