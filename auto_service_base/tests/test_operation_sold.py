from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.tests import tagged

from .common_package import AutoServicePackageCommon


@tagged("post_install", "-at_install")
class TestOperationSold(AutoServicePackageCommon):
    """What was sold most comes first; counted every night."""

    def _count(self):
        self.env.ref("auto_service_base.ir_cron_count_sold").method_direct_trigger()

    def _sell(self, package, plate):
        order = self._create_order(vehicle_id=self._create_owned(plate).id)
        package._add_to_order(order)
        return self._approve(order)

    def test_approved_work_of_a_year_counts(self):
        package = self._create_package([self._create_work("Oil change")])
        operation = package.line_ids.operation_id
        old = self._sell(package, "OLD 1")
        self._sell(package, "NEW 1")
        offered = self._create_order(vehicle_id=self.petrol.id)
        package._add_to_order(offered)
        long_ago = fields.Datetime.now() - relativedelta(months=13)
        old.date_order = long_ago
        old.order_line.job_id.authorised_at = long_ago
        with self.enter_registry_test_mode():
            self._count()
        self.assertEqual(operation.sold_count, 1)
        self.assertEqual(package.sold_count, 1)

    def test_what_is_sold_no_more_goes_back_to_zero(self):
        operation = self._create_operation()
        operation.sold_count = 7
        with self.enter_registry_test_mode():
            self._count()
        self.assertEqual(operation.sold_count, 0)
