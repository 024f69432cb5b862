from odoo import api, fields, models

PART_STATES = [
    ("needed", "Needed"),
    ("ordered", "Ordered"),
    ("confirmed", "Confirmed"),
    ("transit", "On the way"),
    ("arrived", "Arrived"),
    ("refused", "Refused"),
]


class AutoServiceSupplierStatus(models.Model):
    """What a status of a supplier's system means for us."""

    _name = "auto.service.supplier.status"
    _description = "Status at a Supplier"
    _order = "account_id, sequence, id"

    account_id = fields.Many2one(
        "auto.service.supplier.account",
        required=True,
        index=True,
        ondelete="cascade",
        help="Account whose status it is.",
    )
    sequence = fields.Integer(default=10, help="Place in lists.")
    code = fields.Char(required=True, help="Number of the status at the supplier.")
    name = fields.Char(required=True, help="Name of the status at the supplier.")
    part_state = fields.Selection(
        PART_STATES,
        string="Means",
        help="What it means for the part. Empty: not known yet, nothing changes.",
    )
    is_guess = fields.Boolean(
        string="Guessed",
        help="The meaning was guessed by the name; nobody has looked at it yet.",
    )
    is_final = fields.Boolean(
        string="Final", help="The supplier does nothing more with such an order."
    )

    _code_uniq = models.UniqueIndex(
        "(account_id, code)", "The status is in the list already."
    )

    def write(self, vals):
        if "part_state" in vals and "is_guess" not in vals:
            vals = {**vals, "is_guess": False}  # somebody has looked at it
        return super().write(vals)

    @api.model
    def _load_statuses(self, account, rows):
        """Add statuses of the supplier with a guess of their meaning.

        Names follow the supplier, meanings that are there stay.

        :param rows: list of dicts ``code``, ``name``, ``is_final``
        :return: number of new statuses
        """
        known = {
            status.code: status
            for status in self.search([("account_id", "=", account.id)])
        }
        values_list = []
        for sequence, row in enumerate(rows, start=1):
            status = known.get(row["code"])
            if status is None:
                values = self._prepare_status_values(account, row)
                values_list.append({**values, "sequence": sequence})
            elif status.name != row["name"] or status.is_final != row["is_final"]:
                status.write({"name": row["name"], "is_final": row["is_final"]})
        self.create(values_list)
        return len(values_list)

    @api.model
    def _prepare_status_values(self, account, row):
        """Values of a status that is seen for the first time.

        :param dict row: ``code``, ``name`` and perhaps ``is_final``
        """
        part_state = account._get_handler()._guess_part_state(row["name"])
        return {
            "account_id": account.id,
            "code": row["code"],
            "name": row["name"],
            "is_final": row.get("is_final", False),
            "part_state": part_state,
            "is_guess": bool(part_state),
        }

    @api.model
    def _get_part_states(self, account, pairs):
        """Meanings of statuses; those that are new come into the list.

        :param pairs: iterable of (code, name)
        :return: dict code -> key of PART_STATES, or False when nobody knows yet
        """
        pairs = {code: name for code, name in pairs if code}
        domain = [("account_id", "=", account.id), ("code", "in", list(pairs))]
        # Statuses come in while orders are looked up, whoever looks.
        statuses_sudo = self.sudo()
        known = {row.code: row.part_state for row in statuses_sudo.search(domain)}
        new = statuses_sudo.create(
            [
                self._prepare_status_values(
                    account, {"code": code, "name": name or code}
                )
                for code, name in pairs.items()
                if code not in known
            ]
        )
        return {**known, **{row.code: row.part_state for row in new}}
