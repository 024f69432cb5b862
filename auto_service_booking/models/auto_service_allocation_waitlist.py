from odoo import fields, models


class AutoServiceAllocation(models.Model):
    """Time that is given back goes to the waitlist."""

    _inherit = "auto.service.allocation"

    offer_id = fields.Many2one(
        "auto.service.waitlist.offer",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="Offer from the waitlist that the time was held for.",
    )

    def _offer_freed(self, freed):
        res = super()._offer_freed(freed)
        spans = {}
        resources = self.env["resource.resource"].sudo()
        for resource, start, stop in freed:
            company = resources.browse(resource).company_id or self.env.company
            spans.setdefault(company, []).append((start, stop))
        for company, times in spans.items():
            # whoever moves something has nothing to do with the waitlist's queue
            self.env["auto.service.freed"].sudo()._add(company, times)
        return res
