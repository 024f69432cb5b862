from odoo import fields
from odoo.fields import Command

from .common import AutoServiceCommon

GIF = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
# Prices that no date, number or quantity of a document can look like.
PRICES = ("1777.77", "1,777.77", "2888.88", "2,888.88", "999.77")


class AutoServiceDocumentsCommon(AutoServiceCommon):
    """A visit with two jobs and a sent estimate, its amounts known."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._create_partner(
            name="Mari Tamm", email="mari.tamm@example.com", lang="en_US"
        )
        cls.vehicle = cls._create_vehicle(
            license_plate="777 DOC",
            vin_sn="TMBJJ7NE5J0123456",
            owner_id=cls.partner.id,
            engine_code="CRMB",
            first_registration_date="2018-03-14",
        )
        cls.tax = cls.env["account.tax"].create(
            {"name": "VAT 20 test", "amount": 20.0, "type_tax_use": "sale"}
        )
        cls.part = cls.env["product.product"].create(
            {
                "name": "Brake disc",
                "default_code": "BD-5501",
                "type": "consu",
                "list_price": 1777.77,
                "taxes_id": [Command.set(cls.tax.ids)],
                "invoice_policy": "delivery",
            }
        )
        cls.labour = cls.env["product.product"].create(
            {
                "name": "Labour of the test",
                "type": "service",
                "uom_id": cls.env.ref("uom.product_uom_hour").id,
                "list_price": 2888.88,
                "taxes_id": [Command.set(cls.tax.ids)],
                "invoice_policy": "delivery",
            }
        )
        cls.order = cls.env["auto.service.order"].create(
            {
                "vehicle_id": cls.vehicle.id,
                "complaint": "Squeals when braking",
                "odometer_in": 184320,
                "fuel_level": "50",
                "damage_note": "Scratch on the left door",
                "items_left": "Child seat",
                "key_tag": "K-17",
                "promised_at": fields.Datetime.to_datetime("2026-11-23 15:00:00"),
                "advisor_id": cls.user_advisor.id,
            }
        )
        cls.job_brakes = cls._create_job(name="Front brakes", complaint="Shakes")
        cls.job_air = cls._create_job(name="Air conditioning")
        cls.estimate = cls.order.estimate_id
        cls.line_disc = cls._create_line(cls.job_brakes, cls.part, 2.0)
        cls.line_labour = cls._create_line(cls.job_brakes, cls.labour, 1.5)
        cls.line_air = cls._create_line(cls.job_air, cls.labour, 1.0)
        cls.estimate.action_quotation_sent()
        cls.estimate._portal_ensure_token()
        cls.env.flush_all()

    @classmethod
    def _create_job(cls, **values):
        """Job of the visit.

        :return: auto.service.job record
        """
        return cls.env["auto.service.job"].create({"order_id": cls.order.id, **values})

    @classmethod
    def _create_line(cls, job, product, quantity):
        """Line of the estimate below the section of ``job``.

        :return: sale.order.line record
        """
        return cls.env["sale.order.line"].create(
            {
                "order_id": cls.estimate.id,
                "job_id": job.id,
                "product_id": product.id,
                "product_uom_qty": quantity,
            }
        )

    @classmethod
    def _create_ordinary_order(cls):
        """Sale order of a shop that has nothing to do with any vehicle.

        :return: sale.order record, sent, with one optional line of quantity 1
        """
        order = cls.env["sale.order"].create(
            {
                "partner_id": cls.partner.id,
                "order_line": [
                    Command.create({"product_id": cls.part.id, "sequence": 1}),
                    Command.create(
                        {
                            "display_type": "line_section",
                            "name": "Options",
                            "is_optional": True,
                            "sequence": 2,
                        }
                    ),
                    Command.create({"product_id": cls.labour.id, "sequence": 3}),
                ],
            }
        )
        order.action_quotation_sent()
        order._portal_ensure_token()
        return order

    def _do_the_work(self):
        """Approve the estimate, do the brakes and issue the parts; air is not done."""
        self.estimate.action_confirm()
        self.job_brakes.write(
            {"cause": "Discs are worn", "correction": "Discs and pads replaced"}
        )
        self.job_brakes._finish()
        self.job_brakes._issue_parts()

    def _render(self, report, records, user=None):
        """HTML of a report as text.

        :param str report: name of the report's template
        :param user: res.users who prints
        """
        reports = self.env["ir.actions.report"].with_user(user or self.env.user)
        html = reports._render_qweb_html(report, records.ids)[0]
        return html.decode()
