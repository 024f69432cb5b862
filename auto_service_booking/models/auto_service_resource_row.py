from odoo import api, fields, models
from odoo.exceptions import UserError


class AutoServiceResourceRow(models.AbstractModel):
    """A record of the garage that writes on a resource of the host.

    People of the garage may read resources and not write them. Who may write the
    record may also write what it says of its resource, and nothing else of it.
    """

    _name = "auto.service.resource.row"
    _description = "Row of the Board"

    @api.model_create_multi
    def create(self, vals_list):
        """The garage's right to create is asked, the host's on resources is not."""
        self.browse().check_access("create")
        vals_list = [dict(vals) for vals in vals_list]
        if not self.env.su:
            for vals in vals_list:
                vals.pop("resource_id", None)
        self_sudo = self.sudo()  # the garage's manager has no right on resources
        records = super(AutoServiceResourceRow, self_sudo).create(vals_list)
        records = records.with_env(self.env)
        records.check_access("create")
        return records

    def write(self, vals):
        """Fields of the resource are written for whoever may write the record."""
        own = dict(vals)
        if not self.env.su:
            own.pop("resource_id", None)
        names = self._get_resource_fields() & set(own)
        on_resource = {name: own.pop(name) for name in names}
        res = super().write(own) if own else True
        if on_resource:
            self.check_access("write")
            self_sudo = self.sudo()  # the garage's manager has no right on resources
            super(AutoServiceResourceRow, self_sudo).write(on_resource)
            self.check_access("write")
        return res

    @api.model
    def _get_resource_fields(self):
        """Names of the fields that show and change a field of the resource."""
        return {
            name
            for name, field in self._fields.items()
            if (field.related or "").startswith("resource_id.") and not field.readonly
        }

    def _check_no_work_ahead(self):
        """What is planned must be moved before its row goes.

        :raise UserError: names who or what has work ahead, and the first time of it
        """
        domain = [
            ("resource_id", "in", self.sudo().resource_id.ids),
            ("state", "in", ("held", "planned", "started")),
            ("stop", ">", fields.Datetime.now()),
        ]
        allocations_sudo = self.env["auto.service.allocation"].sudo().search(domain)
        if not allocations_sudo:
            return
        tz = allocations_sudo._get_board_tz()
        raise UserError(
            self.env._(
                "%(names)s: work is planned from %(time)s on. Move it to somebody or "
                "something else first.",
                names=", ".join(allocations_sudo.resource_id.mapped("name")),
                time=allocations_sudo._format_time(allocations_sudo[0].start, tz),
            )
        )
