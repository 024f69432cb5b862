from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.part_number import brand_key
from ..tools.supplier_client import SupplierError


class AutoServiceSupplierAccount(models.Model):
    _inherit = "auto.service.supplier.account"

    def action_check(self):
        """Invoked by "Check the connection": ask something harmless."""
        self.ensure_one()
        self._forgive()
        who = self._call_or_tell("check")
        if who:
            text = self.env._("%(name)s answers: %(who)s.", name=self.name, who=who)
        else:
            text = self.env._("%(name)s answers.", name=self.name)
        return self._notify(text)

    def action_ask_again(self):
        """Invoked by "Ask again now": the rest after failures is over."""
        self._forgive()

    def action_forget_password(self):
        """Invoked by "Forget the password"."""
        self.check_access("write")
        self.password = False

    def action_load_statuses(self):
        """Invoked by "Load statuses": new ones come with a guess of what they mean."""
        self.ensure_one()
        self.check_access("write")
        rows = self._call_or_tell("get_statuses")
        count = self.env["auto.service.supplier.status"]._load_statuses(self, rows)
        return self._notify(
            self.env._(
                "%(count)s statuses, %(new)s of them new. Check what they mean.",
                count=len(rows),
                new=count,
            )
        )

    def action_load_options(self):
        """Invoked by "Load choices": ways of payment and delivery."""
        self.ensure_one()
        self.check_access("write")
        rows = self._call_or_tell("get_order_options")
        # The lists are the supplier's: nobody edits them.
        self.env["auto.service.supplier.option"].sudo()._load_options(self, rows)
        self._choose_only_options()
        return self._notify(self.env._("%(count)s choices.", count=len(rows)))

    def _choose_only_options(self):
        """Where there is nothing to choose, it is chosen."""
        for kind in ("payment", "shipment"):
            name = f"{kind}_option_id"
            options = self.env["auto.service.supplier.option"].search(
                [("account_id", "=", self.id), ("kind", "=", kind)]
            )
            if len(options) == 1 and not self[name]:
                self[name] = options

    def action_load_brands(self):
        """Invoked by "Load brands": other names of brands, for this supplier."""
        self.ensure_one()
        self.check_access("write")
        rows = self._call_or_tell("get_brand_names")
        count = self._load_brand_names(rows)
        return self._notify(
            self.env._(
                "The supplier knows %(all)s brands; %(count)s other names are new.",
                all=len(rows),
                count=count,
            )
        )

    def _call_or_tell(self, method):
        """Ask for a user who waits for just that; errors are told in a sentence."""
        try:
            return self._call(method)
        except SupplierError as error:
            raise UserError(
                self.env._(
                    "%(name)s: %(error)s",
                    name=self.name,
                    error=self._get_error_text(error),
                )
            ) from error

    def _forgive(self):
        """The accounts are asked again, whatever they did before."""
        self.check_access("write")
        self._flush_what_workers_read()
        self._with_own_cursor("_forgive_now")
        self.invalidate_recordset()

    def _forgive_now(self):
        self.env["auto.service.supplier.health"]._forgive(self.ids)

    @api.model
    def _notify(self, text):
        """Action that shows ``text`` and reloads the screen."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": text,
                "type": "success",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _load_brand_names(self, rows):
        """Other names by which this supplier knows brands that the garage has.

        Brands that the garage does not know stay out: they come to the queue of unknown
        brands when they are offered.

        :param rows: list of (name, other names)
        :return: number of new other names
        """
        known = self._get_brand_ids()
        values = {}
        for name, others in rows:
            values.update(self._prepare_aliases(known, [name, *others]))
        self.env["auto.service.part.brand.alias"].create(list(values.values()))
        return len(values)

    def _get_brand_ids(self):
        """Brands by all names that hold for this supplier.

        :return: dict name as it is compared -> number of the brand
        """
        brands = self.env["auto.service.part.brand"]
        aliases = self.env["auto.service.part.brand.alias"]
        domain = Domain("partner_id", "in", [False, self.partner_id.id])
        known = {
            row["name_key"]: row["brand_id"][0]
            for row in aliases.search_read(domain, ["name_key", "brand_id"])
        }
        everything = brands.with_context(active_test=False)
        for row in everything.search_read(Domain.TRUE, ["name_key"]):
            known[row["name_key"]] = row["id"]
        return known

    def _prepare_aliases(self, known, names):
        """Values of other names, when the names stand for one brand of ours.

        :param dict known: see :meth:`_get_brand_ids`
        :return: dict name as it is compared -> values
        """
        keys = {brand_key(name): name for name in names}
        brand_ids = {known[key] for key in keys if key in known}
        if len(brand_ids) != 1:
            return {}
        brand_id = brand_ids.pop()
        return {
            key: {"brand_id": brand_id, "name": name, "partner_id": self.partner_id.id}
            for key, name in keys.items()
            if key and key not in known
        }
