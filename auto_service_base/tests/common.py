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
