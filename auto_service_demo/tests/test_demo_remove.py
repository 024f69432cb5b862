from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from .common import DemoGarageCase

#: Tables that do not belong to anybody's data.
IGNORED = {
    "bus_bus",
    "bus_presence",
    "ir_cron_trigger",  # used up by the host's own crons
    "ir_logging",
    "ir_profile",
    "res_device_log",
}


@tagged("post_install", "-at_install")
class TestDemoRemove(DemoGarageCase):
    def _count_all(self):
        """Rows of every table of the database."""
        # Rows of price lists that went are dropped by the next run of their cron.
        self.env["auto.service.price.list"]._drop_old_rows()
        self.env.flush_all()
        tables = self.env.execute_query(
            SQL(
                "SELECT table_name FROM information_schema.tables"
                " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
            )
        )
        return {
            table: self.env.execute_query(
                SQL("SELECT count(*) FROM %s", SQL.identifier(table))
            )[0][0]
            for (table,) in tables
            if table not in IGNORED
        }

    def _get_difference(self, before, after):
        return {
            table: (rows, after[table])
            for table, rows in before.items()
            if rows != after[table]
        }

    def test_load_and_remove_leave_every_table_as_it_was(self):
        self.demo._remove()
        before = self._count_all()
        self.demo._load()
        self.assertGreater(len(self._get_difference(before, self._count_all())), 20)
        self.demo._remove()
        self.assertEqual(self._get_difference(before, self._count_all()), {})

    def test_own_visit_keeps_vehicle_and_customer(self):
        vehicle = self._get_order("147 FVD").vehicle_id
        owner = vehicle.owner_id
        others = self._get_demo("fleet.vehicle") - vehicle
        order = self.env["auto.service.order"].create(
            {"vehicle_id": vehicle.id, "complaint": "Own visit"}
        )
        oil = self.env["auto.service.operation"].search([("code", "=", "M-010")])
        job = self.env["auto.service.job"].create(
            {"order_id": order.id, "name": "Oil service"}
        )
        line = self.env["sale.order.line"].create(
            {
                "order_id": order.estimate_id.id,
                "job_id": job.id,
                "operation_id": oil.id,
            }
        )
        demo_orders = self._get_demo("auto.service.order")
        message = self.demo._remove()
        self.assertIn("147 FVD", message)
        self.assertTrue(order.exists() and job.exists() and line.exists())
        self.assertRecordValues(
            order,
            [{"license_plate": "147 FVD", "partner_id": owner.id, "state": "open"}],
        )
        self.assertEqual(vehicle.owner_id, owner)
        self.assertTrue(oil.exists())
        self.assertFalse(others.exists())
        self.assertFalse(demo_orders.exists())
        self.assertEqual(self._get_demo("fleet.vehicle").exists(), vehicle)
        self.assertEqual(self._get_demo("res.partner").exists(), owner)

    def test_own_package_keeps_what_it_names(self):
        """An own package keeps the operation of the catalogue, with its parts."""
        catalogue = self.env["auto.service.operation"]
        oil = catalogue.search([("code", "=", "M-010")])
        others = self._get_demo("auto.service.operation") - oil
        parts = oil.part_group_ids
        package = self.env["auto.service.package"].create(
            {
                "name": "Own package",
                "line_ids": [Command.create({"operation_id": oil.id})],
            }
        )
        skill = self._get_demo("auto.service.skill")[:1]
        own = catalogue.create(
            {"name": "Own work", "skill_ids": [Command.set(skill.ids)]}
        )
        self.demo._remove()
        self.assertEqual(package.line_ids.operation_id, oil)
        self.assertEqual(oil.part_group_ids, parts)
        self.assertTrue(oil.category_id)
        self.assertEqual(own.skill_ids, skill)
        # The oil change includes the reset of the service indicator.
        self.assertEqual(others.exists().mapped("code"), ["M-015"])
        self.assertFalse(self._get_demo("auto.service.package").exists())

    def test_own_labour_times_keep_what_they_name(self):
        """An own time keeps its operation and vehicle type; other times go."""
        kind = self._get_demo("auto.service.vehicle.type").filtered("engine_code")[0]
        operation = self._get_demo("auto.service.operation")[0]
        time = self.env["auto.service.labour.time"].create(
            {
                "operation_id": operation.id,
                "vehicle_type_id": kind.id,
                "kind": "observed",
                "hours": 1.1,
            }
        )
        model = kind.model_id
        self.demo._remove()
        self.assertRecordValues(
            time, [{"operation_id": operation.id, "vehicle_type_id": kind.id}]
        )
        self.assertTrue(model.exists())
        self.assertEqual(self._get_demo("auto.service.vehicle.type").exists(), kind)
        self.assertFalse(self._get_demo("auto.service.labour.time").exists())
        self.assertFalse(self._get_demo("auto.service.labour.source").exists())

    def test_rounding_of_the_company_is_set_back(self):
        company = self.env.company
        self.assertEqual(company.auto_service_labour_rounding, 0.05)
        self.demo._remove()
        self.assertEqual(company.auto_service_labour_rounding, 0.0)

    def test_next_service_of_own_vehicles_keeps_no_plan(self):
        """The nightly job of the plans must not tie the garage to own vehicles."""
        model = self.env["fleet.vehicle.model"].create(
            {
                "name": "Own model",
                "brand_id": self.env["fleet.vehicle.model.brand"]
                .create({"name": "Own make"})
                .id,
            }
        )
        own = self.env["fleet.vehicle"].create(
            {
                "model_id": model.id,
                "is_customer_vehicle": True,
                "first_registration_date": "2024-03-01",
                "fuel_type": "gasoline",
            }
        )
        own._update_next_maintenance()
        own.invalidate_recordset()
        self.assertTrue(own.next_maintenance_item_id)
        plans = self._get_demo("auto.service.maintenance.plan")
        self.demo._remove()
        self.assertTrue(own.exists())
        self.assertFalse(plans.exists())

    def test_what_was_added_to_demo_visits_goes_with_them(self):
        """Playing with the garage leaves nothing behind."""
        order = self._get_order("650 DLT 01")
        order.action_quality_ok()
        order.action_invoice()
        payment = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=order.invoice_ids.ids
        )
        payment.create({}).action_create_payments()
        job = self._get_order("945 CBK 02").job_ids
        job.action_start()
        invoice, clocking = order.invoice_ids, job.clocking_ids
        orders = order | job.order_id
        self.assertEqual(invoice.payment_state, "paid")
        self.demo._remove()
        self.assertFalse(orders.exists())
        self.assertFalse(invoice.exists())
        self.assertFalse(clocking.exists())
        self.assertFalse(self.records.search([]))

    def test_own_customers_and_invoices_stay(self):
        own = self.env["res.partner"].create({"name": "Own customer"})
        part = self._get_demo("product.product")[0]
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": own.id,
                "invoice_line_ids": [Command.create({"product_id": part.id})],
            }
        )
        invoice.action_post()
        self.demo._remove()
        self.assertEqual(invoice.state, "posted")
        self.assertEqual(invoice.invoice_line_ids.product_id, part)
        self.assertTrue(part.exists().active)
        self.assertEqual(self._get_demo("product.product").exists(), part)

    def test_demo_user_who_wrote_own_records_is_archived(self):
        users = {user.login: user for user in self._get_demo("res.users")}
        advisor = users.pop("advisor")
        own = (
            self.env["res.partner"].with_user(advisor).create({"name": "Own customer"})
        )
        self.demo._remove()
        self.assertTrue(own.exists())
        self.assertEqual(own.create_uid, advisor)
        self.assertFalse(advisor.active)
        self.assertFalse(any(user.exists() for user in users.values()))

    def test_closed_books_keep_their_invoices(self):
        """What lies in a closed period stays, with its visit; the rest goes."""
        order = self._get_order("123 ABC")
        invoice = order.invoice_ids
        open_order = self._get_order("147 FVD")
        self.env.company.hard_lock_date = invoice.date
        self.demo._remove()
        self.assertRecordValues(invoice, [{"state": "posted", "payment_state": "paid"}])
        self.assertTrue(order.exists())
        self.assertFalse(open_order.exists())

    def test_second_removal_takes_what_was_kept(self):
        vehicle = self._get_order("147 FVD").vehicle_id
        order = self.env["auto.service.order"].create({"vehicle_id": vehicle.id})
        self.demo._remove()
        self.assertTrue(vehicle.exists())
        order.unlink()
        self.demo._remove()
        self.assertFalse(vehicle.exists())
        self.assertFalse(self.records.search([]))

    def test_only_managers_remove(self):
        advisor = new_test_user(
            self.env,
            login="own_advisor",
            groups="auto_service_base.group_advisor",
            context={"no_reset_password": True},
        )
        with self.assertRaises(AccessError):
            self.demo.with_user(advisor).create({})
        manager = new_test_user(
            self.env,
            login="own_manager",
            groups="auto_service_base.group_manager",
            context={"no_reset_password": True},
        )
        dialog = self.demo.with_user(manager).create({})
        self.assertGreater(dialog.record_count, 900)
        dialog.action_remove()
        self.assertIn("is removed", dialog.result)
        self.assertEqual(dialog.record_count, 0)
        dialog.action_load()
        self.assertEqual(len(self._get_demo("auto.service.order").exists()), 40)

    def test_guards_hold_without_the_remover(self):
        """The context key alone opens nothing."""
        order = self._get_order("147 FVD")
        manager = new_test_user(
            self.env,
            login="own_manager",
            groups="auto_service_base.group_manager",
            context={"no_reset_password": True},
        )
        key = {"auto_service_demo_remove": True}
        with self.assertRaisesRegex(UserError, "left the desk"):
            order.with_user(manager).with_context(**key).unlink()
        own = order.copy()
        own.action_receive()
        with self.assertRaisesRegex(UserError, "left the desk"):
            own.sudo().with_context(**key).unlink()
