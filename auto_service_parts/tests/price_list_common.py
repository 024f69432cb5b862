import io

from odoo.tools import SQL

RUNNING = ("opening", "reading", "checking", "ready")


class PriceListMixin:
    """Files of price lists, from their bytes to the offers."""

    @classmethod
    def _make_list(cls, content=b"", **values):
        """Price list, with the columns that the file seems to have, loaded from it.

        :return: auto.service.price.list record
        """
        price_list = cls.env["auto.service.price.list"].create(
            {"name": "Wholesale", "partner_id": cls.supplier.id, **values}
        )
        if content:
            load = cls._load(price_list, content)
            if load.state != "done":
                raise AssertionError(f"{load.state}: {load.message}")
        return price_list

    @classmethod
    def _receive(cls, price_list, content, filename="list.csv"):
        """A file that has come in.

        :return: auto.service.price.list.load record
        """
        load = cls.env["auto.service.price.list.load"].browse(
            price_list.start_upload(filename)
        )
        load._append_piece(0, io.BytesIO(content).read)
        cls.addClassCleanup(load._remove_files)
        if content:
            load.finish_upload()
        else:
            load.state = "new"
        return load

    @classmethod
    def _load(cls, price_list, content, filename="list.csv", seconds=5):
        """A file, loaded by steps.

        :return: auto.service.price.list.load record
        """
        load = cls._receive(price_list, content, filename)
        if load.state == "new":
            load.start()
        while load.state in RUNNING:
            load.step(seconds=seconds)
        return load

    @classmethod
    def _read_rows(cls, price_list):
        """Offers in force.

        :return: list of tuples (brand, number, name, price, sign, quantity, hours)
        """
        cls.env.flush_all()
        return cls.env.execute_query(
            SQL(
                """
                SELECT row.brand, row.number, row.name, row.price::float8,
                       row.quantity_sign::text, row.quantity, row.hours_min,
                       row.hours_max
                  FROM auto_service_price_row row
                  JOIN auto_service_price_list list
                    ON list.generation = row.generation
                 WHERE list.id = %s
              ORDER BY row.number_key
                """,
                price_list.id,
            )
        )
