from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from .common import AutoServiceCommon


@tagged("post_install", "-at_install")
class TestCustomerGlance(AutoServiceCommon):
    """What the desk sees of a customer before it says a word."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._create_partner(name="Glance Customer")
        cls.vehicle = cls._create_vehicle(owner_id=cls.partner.id)

    def test_counts_of_vehicles_visits_and_recommendations(self):
        other = self._create_vehicle(license_plate="2", payer_id=self.partner.id)
        self.env["auto.service.vehicle.person"].create(
            {"vehicle_id": other.id, "partner_id": self.partner.id, "role": "driver"}
        )
        self.env["auto.service.order"].create(
            {"vehicle_id": self.vehicle.id, "partner_id": self.partner.id}
        )
        self.env["auto.service.recommendation"].create(
            {
                "name": "Brake discs",
                "vehicle_id": self.vehicle.id,
                "partner_id": self.partner.id,
            }
        )
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertRecordValues(
            self.partner.with_user(self.user_advisor),
            [
                {
                    "vehicle_count": 2,
                    "open_work_order_count": 1,
                    "open_recommendation_count": 1,
                    "unpaid_amount": 0,
                }
            ],
        )

    def test_search_result_names_vehicles_visits_and_conflict(self):
        self.partner.has_conflict = True
        self.env["auto.service.order"].create(
            {"vehicle_id": self.vehicle.id, "partner_id": self.partner.id}
        )
        partners = self.env["res.partner"].with_user(self.user_advisor)
        found = partners.with_context(vehicle_glance=True).name_search("Glance Cust")
        self.assertEqual(
            found[0][1],
            "Glance Customer · vehicles: 1 · 1 in the garage · conflict",
        )
        self.assertEqual(partners.name_search("Glance Cust")[0][1], "Glance Customer")

    def test_other_people_do_not_see_the_garages_fields(self):
        """A salesman without the garage reads and sees none of them."""
        user = new_test_user(
            self.env, login="glance_sales", groups="sales_team.group_sale_salesman"
        )
        partner = self.partner.with_user(user)
        with self.assertRaises(AccessError):
            partner.read(["has_conflict"])
        arch = partner.get_view(view_type="form")["arch"]
        for name in ("vehicle_count", "unpaid_amount", "conflict_note", "vehicle_ids"):
            self.assertNotIn(f'name="{name}"', arch)

    def test_technician_reads_no_amounts(self):
        with self.assertRaises(AccessError):
            self.partner.with_user(self.user_technician).read(["unpaid_amount"])
        vehicles = self.env["fleet.vehicle"].with_user(self.user_technician)
        found = vehicles.with_context(vehicle_glance=True).name_search("123")
        self.assertTrue(found)
        self.assertNotIn("unpaid", found[0][1])

    def test_advisor_notes_a_conflict_in_the_form(self):
        view = "base.view_partner_form"
        with Form(self.partner.with_user(self.user_advisor), view=view) as form:
            form.has_conflict = True
            form.conflict_note = "Paint of the left door"
        self.assertEqual(self.vehicle.owner_conflict_note, "Paint of the left door")

    def test_counts_of_many_customers_in_a_fixed_number_of_queries(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Many {i}"} for i in range(40)]
        )
        names = [
            "vehicle_count",
            "open_work_order_count",
            "open_recommendation_count",
            "unpaid_amount",
            "has_conflict",
        ]
        partners = partners.with_user(self.user_advisor)
        partners[:1].read(names)
        self.env.invalidate_all()
        with self.assertQueryCount(__system__=9, test_advisor=9):
            partners.read(names)


@tagged("post_install", "-at_install")
class TestCustomerUnpaid(AccountTestInvoicingCommon):
    def test_unpaid_is_the_open_part_of_posted_invoices(self):
        """Drafts do not count, credit notes and payments lower the sum."""
        partner = self.partner_a
        advisor = new_test_user(
            self.env,
            login="unpaid_advisor",
            groups="auto_service_base.group_advisor",
            company_id=self.env.company.id,
        )
        contact = self.env["res.partner"].create(
            {"name": "Contact", "parent_id": partner.id, "type": "contact"}
        )
        invoice = self._create_bill("out_invoice", partner, 100)
        self._create_bill("out_invoice", contact, 50)
        self._create_bill("out_refund", partner, 20)
        self._create_bill("out_invoice", partner, 1000, post=False)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(partner.with_user(advisor).unpaid_amount, 130)
        self.assertEqual(contact.with_user(advisor).unpaid_amount, 130)
        self._pay(invoice)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(partner.with_user(advisor).unpaid_amount, 30)

    def _create_bill(self, move_type, partner, amount, post=True):
        """Customer invoice or credit note of one line without tax."""
        line = {"name": "Work", "quantity": 1, "price_unit": amount, "tax_ids": False}
        move = self.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": partner.id,
                "invoice_date": "2026-01-01",
                "invoice_line_ids": [Command.create(line)],
            }
        )
        if post:
            move.action_post()
        return move

    def _pay(self, invoice):
        """Register the full payment as the accountant does."""
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
