from odoo.tests import HttpCase, tagged

from .common import AutoServiceOrderCommon


@tagged("post_install", "-at_install")
class TestLabourPickerTour(AutoServiceOrderCommon, HttpCase):
    """The advisor picks timing belt and water pump in the real browser.

    The belt takes 3 hours by the catalogue and 3.5 on one of the two engines of the
    model; the pump 2.5 alone and half an hour when the belt is off.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.belt = cls._create_operation(name="Tour timing belt", hours=3.0)
        cls.pump = cls._create_operation(name="Tour water pump", hours=2.5)
        cls.env["auto.service.labour.relation"].create(
            {
                "operation_id": cls.belt.id,
                "kind": "combination",
                "other_operation_id": cls.pump.id,
                "hours": 0.5,
            }
        )
        cls.engine = cls.env["auto.service.vehicle.type"].create(
            {
                "brand_id": cls.brand.id,
                "model_id": cls.vehicle_model.id,
                "engine_code": "TOUR2",
            }
        )
        cls.env["auto.service.labour.time"].create(
            {
                "operation_id": cls.belt.id,
                "vehicle_type_id": cls.engine.id,
                "source_id": cls.env.ref("auto_service_base.labour_source_own").id,
                "kind": "own",
                "hours": 3.5,
            }
        )
        cls.order = cls._create_order(complaint="Belt is due")

    def _start(self, tour):
        self.start_tour(
            f"/odoo/service-work-orders/{self.order.id}",
            f"auto_service_labour_{tour}",
            login="test_advisor",
        )
        self.env.invalidate_all()

    def test_shared_work_is_deducted_explained_and_judged(self):
        # Belt and pump are picked with the keyboard; the pump is judged at one hour.
        self._start("pick")
        lines = self.order.estimate_id.order_line.filtered("operation_id")
        self.assertRecordValues(
            lines.sorted("book_hours"),
            [
                {
                    "operation_id": self.pump.id,
                    "book_hours": 0.5,
                    "product_uom_qty": 1.0,
                    "judged_by_id": self.user_advisor.id,
                },
                {
                    "operation_id": self.belt.id,
                    "book_hours": 3.0,
                    "product_uom_qty": 3.0,
                    "judged_by_id": False,
                },
            ],
        )
        self.assertEqual(lines.job_id.mapped("name"), ["Belt and pump"])
        # The row of the pump tells where its hours come from; then the book counts.
        self._start("explain")
        pump = lines.filtered(lambda line: line.operation_id == self.pump)
        self.assertRecordValues(pump, [{"product_uom_qty": 0.5, "judged_by_id": False}])
        # The car turns out to have the other engine: the belt takes longer.
        self._start("engine")
        self.assertEqual(self.order.vehicle_id.engine_code, "TOUR2")
        belt = lines - pump
        self.assertRecordValues(belt, [{"book_hours": 3.5, "product_uom_qty": 3.5}])
