from odoo import Command
from odoo.tools import SQL

from odoo.addons.auto_service_base.tests.common import AutoServiceOrderCommon

from ..tools.part_number import brand_key, number_key

#: Columns of the table of price lists with what stands in them when nothing is given.
ROW_DEFAULTS = {
    "name": "",
    "price": 0.0,
    "currency": None,
    "quantity": 1.0,
    "quantity_sign": "=",
    "is_on_order": False,
    "multiplicity": 1.0,
    "min_quantity": 0.0,
    "hours_min": None,
    "hours_max": None,
    "core_price": 0.0,
    "price_cap": 0.0,
    "warehouse": None,
    "note": None,
    "is_no_return": False,
    "supplier_code": None,
}


class PartsCommon(AutoServiceOrderCommon):
    """Builders of brands, numbers, cross references, suppliers and enquiries."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supplier = cls._create_partner(name="Parts Wholesale Ltd")

    @classmethod
    def _create_brand(cls, name="Testmaker", **values):
        """Brand, the one that is there already if there is one of the name.

        :return: auto.service.part.brand record
        """
        brands = cls.env["auto.service.part.brand"]
        brand = brands.search([("name_key", "=", brand_key(name))], limit=1)
        return brand or brands.create({"name": name, **values})

    @classmethod
    def _create_part(cls, brand=None, number=None, **values):
        """Part at 40.00 without tax that costs 25.00, with its maker's number.

        :param brand: auto.service.part.brand record, or the name of one
        :return: product.product record
        """
        if brand and isinstance(brand, str):
            brand = cls._create_brand(brand)
        if brand:
            values = {"part_brand_id": brand.id, "part_number": number, **values}
        return super()._create_part(**values)

    @classmethod
    def _create_cross(cls, brand, number, to_brand, to_number, **values):
        """One number stands for another, both ways, as a trusted source says.

        :param brand, to_brand: auto.service.part.brand records, or names
        :return: auto.service.part.cross record
        """
        brands = [
            cls._create_brand(name) if isinstance(name, str) else name
            for name in (brand, to_brand)
        ]
        if "source_id" not in values:
            values["source_id"] = cls._create_cross_source().id
        return cls.env["auto.service.part.cross"].create(
            {
                "brand_id": brands[0].id,
                "number_key": number_key(number),
                "to_brand_id": brands[1].id,
                "to_number_key": number_key(to_number),
                **values,
            }
        )

    @classmethod
    def _create_cross_source(cls, **values):
        """Source of cross references; the one of the name if there is one.

        :return: auto.service.part.cross.source record
        """
        values = {"name": "Catalogue of the test", "trust": 80, **values}
        sources = cls.env["auto.service.part.cross.source"]
        source = sources.search([("name", "=", values["name"])], limit=1)
        return source or sources.create(values)

    @classmethod
    def _create_account(cls, **values):
        """Account at a supplier who is asked over the net.

        :return: auto.service.supplier.account record
        """
        return cls.env["auto.service.supplier.account"].create(
            {
                "name": "Wholesale",
                "partner_id": cls.supplier.id,
                "handler": "auto.service.supplier.handler.abcp",
                "company_id": cls.env.company.id,
                **values,
            }
        )

    @classmethod
    def _create_price_list(cls, rows=(), **values):
        """Price list with rows in force.

        :param rows: dicts with ``brand``, ``number``, ``price`` and other columns of
            the table ``auto_service_price_row``
        :return: auto.service.price.list record
        """
        price_list = cls.env["auto.service.price.list"].create(
            {
                "name": "Price list of the test",
                "partner_id": cls.supplier.id,
                "company_id": cls.env.company.id,
                **values,
            }
        )
        cls._load_rows(price_list, rows)
        return price_list

    @classmethod
    def _load_rows(cls, price_list, rows):
        """Put rows in force as a load does, without reading a file."""
        generation = (
            cls.env["auto.service.price.list"]
            .search([("generation", "!=", False)], order="generation desc", limit=1)
            .generation
            + 900000
        )
        table = SQL.identifier(f"auto_service_price_row_{generation}")
        cls.env.cr.execute(
            SQL(
                "CREATE TABLE %s PARTITION OF auto_service_price_row "
                "FOR VALUES IN (%s)",
                table,
                generation,
            )
        )
        for row in rows:
            cls._insert_row(generation, row)
        price_list.write({"generation": generation, "row_count": len(rows)})

    @classmethod
    def _insert_row(cls, generation, row):
        """Insert one row; keys are made of brand and number."""
        row = {
            **ROW_DEFAULTS,
            **row,
            "generation": generation,
            "brand_key": brand_key(row["brand"]),
            "number_key": number_key(row["number"]),
        }
        cls.env.cr.execute(
            SQL(
                "INSERT INTO auto_service_price_row (%s) VALUES %s",
                SQL(", ").join(SQL.identifier(name) for name in row),
                tuple(row.values()),
            )
        )

    @classmethod
    def _create_markup(cls, *bands, **values):
        """Rule of the company with bands (from cost, per cent, fixed).

        :return: auto.service.parts.markup record
        """
        names = ("from_cost", "percent", "fixed")
        return cls.env["auto.service.parts.markup"].create(
            {
                "name": "Rule",
                "company_id": cls.env.company.id,
                "band_ids": [
                    Command.create(dict(zip(names, band, strict=False)))
                    for band in bands
                ],
                **values,
            }
        )

    @classmethod
    def _archive_markups(cls):
        """Only the rules of the test make prices."""
        cls.env["auto.service.parts.markup"].search(
            [("active", "=", True)]
        ).active = False

    @classmethod
    def _create_enquiry(cls, **values):
        """Enquiry for the number OC 90 that is answered.

        :return: auto.service.parts.enquiry record
        """
        values = {"number": "OC 90", "state": "done", **values}
        values.setdefault("number_key", number_key(values["number"]))
        return cls.env["auto.service.parts.enquiry"].create(values)

    @classmethod
    def _create_offer(cls, enquiry=None, **values):
        """Offer of a supplier: MAHLE OC 90 at 10.00, here tomorrow.

        :param enquiry: auto.service.parts.enquiry record; a new one when omitted
        :return: auto.service.parts.offer record
        """
        enquiry = enquiry or cls._create_enquiry()
        kind = values.get("kind", "live")
        if "source_id" not in values:
            values["source_id"] = (
                cls.env["auto.service.parts.enquiry.source"]
                .create({"enquiry_id": enquiry.id, "kind": kind, "name": "Wholesale"})
                .id
            )
        values = {
            "enquiry_id": enquiry.id,
            "kind": kind,
            "partner_id": kind != "own" and cls.supplier.id,
            "brand_name": "MAHLE",
            "number": "OC 90",
            "name": "Oil filter",
            "quantity": 10.0,
            "price": 10.0,
            "cost": 10.0,
            "currency_id": enquiry.company_id.currency_id.id,
            "hours_min": 24,
            "hours_max": 24,
            **values,
        }
        values.setdefault("number_key", number_key(values["number"]))
        return cls.env["auto.service.parts.offer"].create(values)
