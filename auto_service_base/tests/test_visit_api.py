from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import AutoServiceOrderCommon


@tagged("post_install", "-at_install")
class TestVisitApi(AutoServiceOrderCommon, HttpCase):
    """One visit over the external API, every call with the key of the one who acts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_accountant = new_test_user(
            cls.env, login="test_accountant", groups="account.group_account_invoice"
        )
        cls.operation = cls._create_operation(code="B-1")
        cls.keys = {
            role: cls._generate_key(getattr(cls, f"user_{role}"))
            for role in ("advisor", "technician", "parts", "manager", "accountant")
        }

    @classmethod
    def _generate_key(cls, user):
        """API key of a user that lasts for a day."""
        keys = cls.env["res.users.apikeys"].with_user(user)
        return keys._generate("rpc", "test", fields.Datetime.now() + timedelta(days=1))

    def _post(self, role, model, method, **body):
        """Answer of one call.

        :param str role: whose key is used
        """
        answer = self.url_open(
            f"/json/2/{model}/{method}",
            json=body,
            headers={"Authorization": f"bearer {self.keys[role]}"},
            timeout=60,
        )
        self.env.invalidate_all()
        return answer

    def _call(self, role, model, method, **body):
        """Result of a call that must succeed."""
        answer = self._post(role, model, method, **body)
        self.assertEqual(answer.status_code, 200, answer.text)
        return answer.json()

    def _refuse(self, status, role, model, method, **body):
        """A call that must be refused with a sentence.

        :return: the sentence
        """
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_rule"):
            answer = self._post(role, model, method, **body)
        self.assertEqual(answer.status_code, status, answer.text)
        return answer.json()["message"]

    def _create(self, role, model, **values):
        """ID of a record created by a role."""
        return self._call(role, model, "create", vals_list=[values])[0]

    def _read(self, role, model, record_id, *names):
        """Values of one record as a role reads them."""
        return self._call(role, model, "read", ids=[record_id], fields=list(names))[0]

    def _write_order(self):
        """A call comes in: new customer, new plate, two jobs."""
        order_id = self._create(
            "advisor",
            "auto.service.order",
            plate_entry="77 api 77",
            customer_entry="Anna Api",
            phone_entry="+372 5550 7777",
            complaint="Brakes squeal",
        )
        for name in ("Brakes", "Battery"):
            self._create("advisor", "auto.service.job", order_id=order_id, name=name)
        return self.env["auto.service.order"].browse(order_id)

    def _write_lines(self, order):
        row = self._read(
            "advisor", "auto.service.order", order.id, "estimate_id", "job_ids"
        )
        estimate_id = row["estimate_id"][0]
        brakes, battery = row["job_ids"]
        for job_id, values in (
            (brakes, {"operation_id": self.operation.id}),
            (brakes, {"product_id": self.part.id, "product_uom_qty": 2}),
            (battery, {"product_id": self.labour.id, "product_uom_qty": 0.5}),
        ):
            self._create(
                "advisor",
                "sale.order.line",
                order_id=estimate_id,
                job_id=job_id,
                **values,
            )
        return self.env["sale.order"].browse(estimate_id)

    def _send(self, order):
        """The host's composer, as a client of the API walks through it."""
        action = self._call(
            "advisor", "auto.service.order", "action_send_estimate", ids=order.ids
        )
        self.assertEqual(action["res_model"], "mail.compose.message")
        context = {
            key: value
            for key, value in action["context"].items()
            if not key.startswith("default_email_layout")
        }
        composer = self._call(
            "advisor", "mail.compose.message", "create", vals_list=[{}], context=context
        )
        self._call(
            "advisor",
            "mail.compose.message",
            "action_send_mail",
            ids=composer,
            context=context,
        )

    def _record_approval(self, estimate):
        dialog = self._create(
            "advisor",
            "auto.service.order.approve",
            sale_order_id=estimate.id,
            method="phone",
            note="Called at noon",
        )
        self._call(
            "advisor", "auto.service.order.approve", "action_approve", ids=[dialog]
        )

    def _repair(self, order):
        for job in order.job_ids:
            self._call("technician", "auto.service.job", "action_start", ids=job.ids)
            self._call(
                "technician",
                "auto.service.job",
                "write",
                ids=job.ids,
                vals={"cause": "Worn out"},
            )
            self._call("technician", "auto.service.job", "action_finish", ids=job.ids)
        self._call(
            "parts", "auto.service.job", "action_issue_parts", ids=order.job_ids.ids
        )

    def _pay(self, order):
        row = self._read("advisor", "auto.service.order", order.id, "invoice_ids")
        context = {"active_model": "account.move", "active_ids": row["invoice_ids"]}
        model = "account.payment.register"
        dialog = self._call(
            "accountant", model, "create", vals_list=[{}], context=context
        )
        self._call(
            "accountant", model, "action_create_payments", ids=dialog, context=context
        )

    def test_visit_from_call_to_payment(self):
        order = self._write_order()
        found = self._call(
            "advisor",
            "fleet.vehicle",
            "name_search",
            name="77-API-77",
        )
        self.assertEqual([row[0] for row in found], order.vehicle_id.ids)
        self.assertEqual(order.vehicle_id.owner_id.name, "Anna Api")
        estimate = self._write_lines(order)
        # 2 h + 0.5 h of labour at 50, two parts at 40
        self.assertAlmostEqual(order.amount_total, 205.0)
        order.partner_id.email = "anna.api@example.com"
        self._send(order)
        self.assertEqual(estimate.state, "sent")
        self.assertEqual(set(order.job_ids.mapped("authorisation")), {"pending"})
        self._record_approval(estimate)
        self.assertEqual(estimate.state, "sale")
        self.assertRecordValues(
            order.authorisation_ids,
            [{"method": "phone", "note": "Called at noon", "amount_total": 205.0}],
        )
        self._call(
            "advisor",
            "auto.service.order",
            "write",
            ids=order.ids,
            vals={"odometer_in": 120500},
        )
        self._call("advisor", "auto.service.order", "action_receive", ids=order.ids)
        self._repair(order)
        self.assertEqual(order.step, "quality_control")
        self._call("manager", "auto.service.order", "action_quality_ok", ids=order.ids)
        self._call("advisor", "auto.service.order", "action_invoice", ids=order.ids)
        self._pay(order)
        self._call("advisor", "auto.service.order", "action_close", ids=order.ids)
        self.assertRecordValues(
            order, [{"state": "closed", "step": "delivered", "amount_due": 0.0}]
        )
        self.assertEqual(order.invoice_ids.payment_state, "paid")
        self.assertAlmostEqual(order.invoice_ids.amount_total, 205.0)
        self.assertRecordValues(
            order.job_ids,
            [
                {"hours_book": 2.0, "hours_authorised": 2.0, "hours_billed": 2.0},
                {"hours_book": 0.0, "hours_authorised": 0.5, "hours_billed": 0.5},
            ],
        )
        self.assertEqual(order.vehicle_id.last_odometer, 120500)
        self.assertEqual(order.vehicle_id.work_order_count, 1)

    def test_technician_reads_no_prices(self):
        order = self._write_order()
        self._write_lines(order)
        self._refuse(403, "technician", "sale.order", "search_read", domain=[])
        self._refuse(403, "technician", "sale.order.line", "search_read", domain=[])
        self._refuse(
            403,
            "technician",
            "auto.service.job",
            "read",
            ids=order.job_ids.ids,
            fields=["amount_untaxed"],
        )
        self._refuse(
            403,
            "technician",
            "auto.service.order",
            "read",
            ids=order.ids,
            fields=["amount_total"],
        )
        rows = self._call(
            "technician",
            "auto.service.floor.line",
            "search_read",
            domain=[("order_id", "=", order.id)],
        )
        self.assertEqual(len(rows), 3)
        refused = [name for name in rows[0] if "price" in name or "amount" in name]
        self.assertFalse(refused)
        row = self._call(
            "technician", "auto.service.order", "read", ids=order.ids, load=None
        )[0]
        self.assertFalse(
            {"amount_total", "margin", "line_ids", "invoice_ids"} & set(row)
        )

    def test_results_cannot_be_written_by_hand(self):
        order = self._write_order()
        message = self._refuse(
            422,
            "manager",
            "auto.service.order",
            "write",
            ids=order.ids,
            vals={"state": "closed"},
        )
        self.assertIn("not by hand", message)
        self.assertEqual(order.state, "open")
        self._refuse(
            422,
            "advisor",
            "auto.service.job",
            "write",
            ids=order.job_ids.ids,
            vals={"authorisation": "approved"},
        )
        self._refuse(
            403,
            "technician",
            "auto.service.job",
            "write",
            ids=order.job_ids.ids,
            vals={"name": "Something else"},
        )
        self._refuse(
            422,
            "technician",
            "auto.service.job",
            "action_start",
            ids=order.job_ids[0].ids,
        )
        self._refuse(
            403, "technician", "auto.service.clocking", "create", vals_list=[{}]
        )

    def test_wrong_key_is_refused(self):
        self.keys["nobody"] = "0" * 40
        with mute_logger("odoo.http"):
            answer = self._post(
                "nobody", "auto.service.order", "search_read", domain=[]
            )
        self.assertEqual(answer.status_code, 401)
