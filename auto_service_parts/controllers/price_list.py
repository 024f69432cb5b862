import json

from odoo import http
from odoo.http import request


class PriceListController(http.Controller):
    """Files of price lists, in and out, without ever being held in memory."""

    @http.route(
        "/auto_service_parts/price_list/<int:load_id>/piece",
        type="http",
        auth="user",
        methods=["POST"],
        max_content_length=None,
    )
    def add_piece(self, load_id, piece, offset=0, **_values):
        """Take a piece of a file; big ones lie on the disk when they arrive here.

        :param piece: file of the form
        :param offset: bytes that were sent before
        :return: JSON with the bytes that are there now
        """
        load = request.env["auto.service.price.list.load"].browse(load_id)
        load.check_access("write")
        size = load._append_piece(int(offset), piece.stream.read)
        body = json.dumps({"size": size})
        return request.make_response(body, [("Content-Type", "application/json")])

    @http.route(
        "/auto_service_parts/price_list/<int:load_id>/refused",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def get_refused(self, load_id, **_values):
        """The refused rows of a load as a CSV file."""
        load = request.env["auto.service.price.list.load"].browse(load_id)
        load.check_access("read")
        body = load._write_refused_file()
        return request.make_response(
            body,
            [
                ("Content-Type", "text/csv; charset=utf-8"),
                ("Content-Disposition", http.content_disposition("refused.csv")),
            ],
        )
