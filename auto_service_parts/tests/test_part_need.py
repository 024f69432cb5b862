from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import PartsCommon


@tagged("post_install", "-at_install")
class TestPartNeed(PartsCommon):
    """A technician says what he needs; somebody who knows prices finds it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_order(advisor_id=cls.user_advisor.id)
        cls.job = cls._add_job(cls.order, parts=0)

    def _need(self, **values):
        job = self.job.with_user(self.user_technician)
        values = {"part": "OC 90", "quantity": 2.0, "note": "left", **values}
        job.write({"part_need_ids": [(0, 0, values)]})
        return self.env["auto.service.part.need"].search(
            [("job_id", "=", self.job.id)], limit=1
        )

    def test_technician_types_the_part_on_his_job(self):
        with Form(self.job.with_user(self.user_technician)) as form:
            with form.part_need_ids.new() as need:
                need.part = "clip of the bumper"
                need.quantity = 3
        self.assertRecordValues(
            self.job.part_need_ids,
            [
                {
                    "part": "clip of the bumper",
                    "quantity": 3.0,
                    "user_id": self.user_technician.id,
                    "state": "open",
                    "order_id": self.order.id,
                }
            ],
        )

    def test_advisor_gets_a_task(self):
        need = self._need()
        self.assertRecordValues(
            need.activity_id,
            [
                {
                    "user_id": self.user_advisor.id,
                    "res_model": "auto.service.order",
                    "res_id": self.order.id,
                    "summary": "Part needed: 2 × OC 90 (Brakes)",
                }
            ],
        )

    def test_parts_people_get_the_task_when_the_settings_say_so(self):
        self.env.company.auto_service_parts_need_user_id = self.user_parts
        self.assertEqual(self._need().activity_id.user_id, self.user_parts)

    def test_part_on_the_estimate_answers_the_need(self):
        need = self._need(part="ос-90")
        other = self._need(part="clip")
        task = need.activity_id
        enquiry = self._create_enquiry(order_id=self.order.id, job_id=self.job.id)
        offer = self._create_offer(enquiry, brand_name="KNECHT", number="OX 1")
        added = offer.with_user(self.user_advisor).add_to_job()
        self.assertEqual(need.state, "found")
        self.assertEqual(need.line_id.id, added["line_id"])
        self.assertEqual(need.with_user(self.user_technician).part_state, "Needed")
        self.assertFalse(task.exists() and task.active)
        self.assertEqual(other.state, "open")

    def test_technician_drops_his_own_need_only(self):
        need = self._need()
        with self.assertRaises(AccessError):
            need.with_user(self.user_second).action_drop()
        with self.assertRaises(AccessError):
            need.with_user(self.user_technician).action_done()
        need.with_user(self.user_technician).action_drop()
        self.assertEqual(need.state, "dropped")
        self.assertFalse(need.activity_id.active)

    def test_words_are_mended_until_somebody_answers(self):
        need = self._need().with_user(self.user_technician)
        need.quantity = 4.0
        with self.assertRaisesRegex(UserError, "only part, quantity and note"):
            need.state = "found"
        need.with_user(self.user_advisor).action_done()
        with self.assertRaisesRegex(UserError, "only\n?.* until somebody"):
            need.part = "OC 91"

    def test_technician_sees_no_line_and_no_price(self):
        need = self._need().with_user(self.user_technician)
        self.assertNotIn("line_id", need.fields_get())
        self.assertEqual(need.read(["part", "part_state"])[0]["part"], "OC 90")

    def test_finding_starts_with_the_number_and_the_job(self):
        action = self._need().with_user(self.user_parts).action_find()
        self.assertEqual(action["params"]["number"], "OC 90")
        self.assertEqual(action["params"]["job_id"], self.job.id)
