import csv

from odoo import api, models
from odoo.fields import Command
from odoo.tools import file_open

NEEDS = "auto_service_booking/data/catalogue/operation_needs.csv"


class AutoServiceCatalogue(models.AbstractModel):
    """Operations of the starter catalogue know what they need on the board."""

    _inherit = "auto.service.catalogue"

    @api.model
    def _load(self, packages=True, plans=True):
        created = super()._load(packages=packages, plans=plans)
        self._load_needs(created["auto.service.operation"])
        return created

    @api.model
    def _load_needs(self, operations):
        """Kinds of bays and equipment of operations that were just created.

        :param operations: auto.service.operation records; others stay as they are
        """
        by_code = {operation.code: operation for operation in operations}
        with file_open(NEEDS) as stream:
            for row in csv.DictReader(stream):
                if row["code"] in by_code:
                    by_code[row["code"]].write(self._prepare_needs(row))

    @api.model
    def _prepare_needs(self, row):
        return {
            "needs_bay": row["needs_bay"] == "1",
            "keeps_bay": row["keeps_bay"] == "1",
            "bay_kind_id": self._get_kind(row["bay_kind"]).id,
            "equipment_kind_ids": [
                Command.set(self._get_kind(row["equipment_kind"]).ids)
            ],
        }

    @api.model
    def _get_kind(self, name):
        """Kind of the addon's own data; empty when the garage deleted it.

        :param str name: end of the XML id
        """
        kinds = self.env["auto.service.resource.kind"]
        if not name:
            return kinds
        kind = self.env.ref(f"auto_service_booking.{name}", raise_if_not_found=False)
        return kind or kinds
