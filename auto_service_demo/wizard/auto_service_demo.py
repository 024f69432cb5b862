from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import GarageLoader, GarageRemover

#: Technical models: what they hold goes with its document, or is nobody's.
TECHNICAL = ("ir.", "mail.", "bus.", "discuss.", "base.", "digest.", "iap.")


class AutoServiceDemo(models.TransientModel):
    """Loads the demo garage and takes it away again."""

    _name = "auto.service.demo"
    _description = "Demo Garage"

    record_count = fields.Integer(
        string="Demo records",
        default=lambda self: self.env["auto.service.demo.record"].search_count([]),
        readonly=True,
        help="Records of the demo garage that are in the database now.",
    )
    result = fields.Text(readonly=True, help="What was removed and what was kept.")

    # Loading ------------------------------------------------------------------

    def action_load(self):
        """Load the garage again after it was removed.

        :return: act_window action of the board
        """
        self._ensure_manager()
        self._load()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "auto_service_base.auto_service_order_action"
        )

    @api.model
    def _load(self):
        """Create the garage and register it; called when the addon is installed."""
        records = self.env["auto.service.demo.record"].sudo()
        if records.search_count([], limit=1):
            raise UserError(
                self.env._("The demo garage is here already. Remove it first.")
            )
        self._check_accounting()
        before = self._get_last_ids()
        env = self.sudo().with_company(self.env.company).env
        GarageLoader(env).load()
        self.env.flush_all()
        for model, last_id in before.items():
            records._register_records(self._find_created(model, last_id))

    @api.model
    def _check_accounting(self):
        """Invoices of the garage need the company's journals."""
        journals = self.env["account.journal"].sudo()
        for kind in ("sale", "bank"):
            domain = [("type", "=", kind), ("company_id", "=", self.env.company.id)]
            if not journals.search_count(domain, limit=1):
                raise UserError(
                    self.env._(
                        "%(company)s has no chart of accounts, so the demo garage "
                        "could not invoice. Choose one in the settings of Invoicing.",
                        company=self.env.company.name,
                    )
                )

    @api.model
    def _get_last_ids(self):
        """Highest ID of every model of the garage, seen by this transaction."""
        return {
            name: self._find_created(name, 0, limit=1, order="id desc").id or 0
            for name, model in self.env.registry.items()
            if model._auto
            and not model._abstract
            and not model._transient
            and not name.startswith(TECHNICAL)
            and name != "auto.service.demo.record"
        }

    @api.model
    def _find_created(self, name, last_id, **options):
        """Records of one model above an ID.

        The transaction reads one snapshot: what others create meanwhile is not seen,
        so everything above the former highest ID was created by the loader.
        """
        model = self.env[name].sudo().with_context(active_test=False)
        return model.search([("id", ">", last_id)], **options)

    # Removing -----------------------------------------------------------------

    def action_remove(self):
        """Remove the garage; what own records refer to stays.

        :return: action that shows the result
        """
        self.ensure_one()
        self._ensure_manager()
        self.result = self._remove()
        self.record_count = self.env["auto.service.demo.record"].search_count([])
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Demo garage"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    @api.model
    def _remove(self):
        """Remove every demo record that no own record needs.

        Called by the button and when the addon is uninstalled.

        :return: text for the user
        """
        kept = GarageRemover(self.sudo().env).remove()
        if not kept:
            return self.env._("The demo garage is removed.")
        return self.env._(
            "The demo garage is removed, except for what your own records refer to:"
            "\n%(kept)s",
            kept="\n".join(f"- {line}" for line in kept),
        )

    @api.model
    def _ensure_manager(self):
        if not self.env.user.has_group("auto_service_base.group_manager"):
            raise UserError(self.env._("Only a manager loads or removes the garage."))
