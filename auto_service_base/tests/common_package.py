from odoo import Command

from .common import AutoServiceOrderCommon


class AutoServicePackageCommon(AutoServiceOrderCommon):
    """Builders of packages, and a petrol and a diesel car."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_partner(name="Jaan Kask", phone="+372 5551 7788")
        cls.petrol = cls._create_owned("PET 100", fuel_type="gasoline")
        cls.diesel = cls._create_owned("DIE 100", fuel_type="diesel")
        cls.oil = cls._create_part(name="Oil by the litre", list_price=12.0)

    @classmethod
    def _create_owned(cls, plate, **values):
        """Vehicle of the customer of these tests.

        :return: fleet.vehicle record
        """
        return cls._create_vehicle(
            license_plate=plate, owner_id=cls.customer.id, **values
        )

    @classmethod
    def _create_package(cls, lines=(), vehicles=(), **values):
        """Package of the company.

        :param lines: dicts of auto.service.package.line
        :param vehicles: dicts of auto.service.package.condition
        :return: auto.service.package record
        """
        return cls.env["auto.service.package"].create(
            {
                "name": "Small service",
                "company_id": cls.env.company.id,
                "line_ids": [Command.create(dict(vals)) for vals in lines],
                "condition_ids": [Command.create(dict(vals)) for vals in vehicles],
                **values,
            }
        )

    @classmethod
    def _create_type(cls, **values):
        """Vehicle type of the test's model.

        :return: auto.service.vehicle.type record
        """
        return cls.env["auto.service.vehicle.type"].create(
            {"model_id": cls.vehicle_model.id, **values}
        )

    @classmethod
    def _create_work(cls, name, hours=1.0, **values):
        """Line of a package for an operation that is made for it.

        :return: dict of auto.service.package.line
        """
        operation = cls._create_operation(name=name, hours=hours, **values)
        return {"operation_id": operation.id}
