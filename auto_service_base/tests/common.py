from odoo import Command
from odoo.tests import new_test_user

from odoo.addons.base.tests.common import BaseCommon


class AutoServiceCommon(BaseCommon):
    """Users of every role and builders of what a test needs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for role in ("technician", "parts", "advisor", "manager"):
            user = new_test_user(
                cls.env,
                login=f"test_{role}",
                name=f"Test {role}",
                groups=f"auto_service_base.group_{role}",
            )
            setattr(cls, f"user_{role}", user)
        cls.brand = cls.env["fleet.vehicle.model.brand"].create({"name": "Testford"})
        cls.vehicle_model = cls.env["fleet.vehicle.model"].create(
            {"name": "Focus", "brand_id": cls.brand.id}
        )

    @classmethod
    def _create_partner(cls, **values):
        """Customer; give ``name`` and ``phone`` where they matter.

        :return: res.partner record
        """
        return cls.env["res.partner"].create({"name": "Mari Tamm", **values})

    @classmethod
    def _create_vehicle(cls, **values):
        """Customer's vehicle without owner.

        :return: fleet.vehicle record
        """
        return cls.env["fleet.vehicle"].create(
            {
                "license_plate": "123 ABC",
                "model_id": cls.vehicle_model.id,
                "is_customer_vehicle": True,
                **values,
            }
        )

    @classmethod
    def _create_order(cls, **values):
        """Work order on a vehicle of its own customer, in the default stage.

        :return: auto.service.order record
        """
        if "vehicle_id" not in values:
            partner = cls.env["res.partner"].browse(values.get("partner_id") or [])
            partner = partner or cls._create_partner(phone="+372 5551 2345")
            values["vehicle_id"] = cls._create_vehicle(owner_id=partner.id).id
        return cls.env["auto.service.order"].create(values)

    @classmethod
    def _create_employee(cls, user=None, **values):
        """Technician; without ``user`` one who never logs in.

        :return: hr.employee record
        """
        return cls.env["hr.employee"].create(
            {
                "name": user.name if user else "Toomas Mets",
                "user_id": user.id if user else False,
                **values,
            }
        )

    @classmethod
    def _create_part(cls, **values):
        """Part at 40.00 without tax that costs 25.00.

        :return: product.product record
        """
        return cls.env["product.product"].create(
            {
                "name": "Brake disc",
                "type": "consu",
                "list_price": 40.0,
                "standard_price": 25.0,
                "taxes_id": [Command.clear()],
                "company_id": cls.env.company.id,
                **values,
            }
        )

    @classmethod
    def _create_labour(cls, **values):
        """Labour at 50.00 an hour without tax that costs 20.00.

        :return: product.product record
        """
        return cls.env["product.product"].create(
            {
                "name": "Labour of the test",
                "type": "service",
                "uom_id": cls.env.ref("uom.product_uom_hour").id,
                "invoice_policy": "delivery",
                "list_price": 50.0,
                "standard_price": 20.0,
                "taxes_id": [Command.clear()],
                "company_id": cls.env.company.id,
                **values,
            }
        )

    @classmethod
    def _create_operation(cls, **values):
        """Labour operation of two book hours, billed as ``cls.labour`` if there is one.

        :return: auto.service.operation record
        """
        product = getattr(cls, "labour", cls.env["product.product"])
        return cls.env["auto.service.operation"].create(
            {
                "name": "Replace brake discs",
                "hours": 2.0,
                "product_id": product.id,
                "company_id": cls.env.company.id,
                **values,
            }
        )

    @classmethod
    def _get_stage(cls, step):
        """First stage of a step of the service process.

        :return: auto.service.stage record
        """
        return cls.env["auto.service.stage"]._get_first_of_step(step)

    @classmethod
    def _add_job(cls, order, name="Brakes", hours=2.0, parts=1.0, estimate=None):
        """Job with a line of labour and a line of parts on an estimate of ``order``.

        :param order: auto.service.order record
        :param estimate: sale.order record; the one being written when omitted
        :return: auto.service.job record
        """
        estimate = estimate or order._get_or_create_estimate()
        values = [{"display_type": "line_section", "name": name}]
        if hours:
            values.append({"product_id": cls.labour.id, "product_uom_qty": hours})
        if parts:
            values.append({"product_id": cls.part.id, "product_uom_qty": parts})
        lines = cls.env["sale.order.line"].create(
            [{"order_id": estimate.id, **vals} for vals in values]
        )
        return lines[0].job_id

    @classmethod
    def _approve(cls, order, **context):
        """The customer approves everything that is being offered on ``order``.

        :return: sale.order records that were approved
        """
        estimates = order.sale_order_ids.filtered(
            lambda sale: sale.state in ("draft", "sent")
        )
        estimates.with_context(**context).action_confirm()
        return estimates

    @classmethod
    def _do_job(cls, job, user=None):
        """A technician starts and finishes the job."""
        job = job.with_user(user or cls.user_technician)
        job.action_start()
        job.action_finish()


class AutoServiceOrderCommon(AutoServiceCommon):
    """A technician with an employee, and priced products without taxes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.technician = cls._create_employee(cls.user_technician)
        cls.user_second = new_test_user(
            cls.env,
            login="test_second",
            name="Second Technician",
            groups="auto_service_base.group_technician",
        )
        cls.second = cls._create_employee(cls.user_second)
        cls.part = cls._create_part()
        cls.labour = cls._create_labour()
        cls.env.company.auto_service_labour_product_id = cls.labour
        cls.reason_cancel = cls.env["auto.service.reason"].create(
            {"name": "Customer went elsewhere", "kind": "cancel"}
        )
        cls.reason_waiting = cls.env["auto.service.reason"].create(
            {"name": "Waits for a gearbox", "kind": "waiting"}
        )
