from odoo.tests import TransactionCase


class DemoGarageCase(TransactionCase):
    """The garage as the addon's installation left it; loaded when it was removed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.demo = cls.env["auto.service.demo"]
        cls.records = cls.env["auto.service.demo.record"]
        if not cls.records.search_count([]):
            cls.demo._load()

    @classmethod
    def _get_demo(cls, model):
        """Demo records of one model, archived ones too."""
        ids = cls.records._get_ids(model)
        return cls.env[model].with_context(active_test=False).browse(sorted(ids))

    @classmethod
    def _get_order(cls, plate):
        """Visit of the demo vehicle with this plate."""
        orders = cls._get_demo("auto.service.order")
        return orders.filtered(lambda order: order.license_plate == plate)
