from odoo import api, fields, models


class AutoServiceDemoRecord(models.Model):
    """Register of what the demo garage created: the licence to remove it again."""

    _name = "auto.service.demo.record"
    _description = "Record of the Demo Garage"
    _order = "id"
    _rec_name = "model"

    model = fields.Char(
        required=True, readonly=True, help="Technical name of the record's model."
    )
    res_id = fields.Integer(
        string="Record ID", required=True, readonly=True, help="Database ID of it."
    )

    _record_uniq = models.UniqueIndex(
        "(model, res_id)", "This record is registered already."
    )

    @api.model
    def _register_records(self, records):
        """Note ``records`` as part of the demo garage.

        :param records: recordset of any stored model
        """
        known = self._get_ids(records._name)
        self.create(
            [
                {"model": records._name, "res_id": res_id}
                for res_id in records.ids
                if res_id not in known
            ]
        )

    @api.model
    def _get_ids(self, model):
        """IDs of the demo garage's records of one model.

        :param str model: technical name
        :return: set of integers
        """
        return set(self.search([("model", "=", model)]).mapped("res_id"))

    @api.model
    def _may_remove(self, records):
        """Whether the remover of the demo garage may delete ``records``.

        The base addon deletes nothing that left the desk. This is the only way round
        it: superuser, the remover's own context key, and every record registered.
        """
        return bool(
            records.env.su
            and records.env.context.get("auto_service_demo_remove")
            and set(records.ids) <= self._get_ids(records._name)
        )
