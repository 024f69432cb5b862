from odoo import fields, models


class AutoServiceOperation(models.Model):
    """How an operation hangs together with others."""

    _inherit = "auto.service.operation"

    relation_ids = fields.One2many(
        "auto.service.labour.relation",
        "operation_id",
        string="Relations",
        help="What the operation includes, needs before, makes cheaper, and when it "
        "takes longer.",
    )
    relation_of_ids = fields.One2many(
        "auto.service.labour.relation",
        "other_operation_id",
        string="Relations of other operations",
        help="Operations that include this one, need it before or make it cheaper.",
    )

    def _is_of_category(self, category):
        """Whether the operation is of ``category`` or one below it.

        :param category: auto.service.operation.category record; empty fits everything
        """
        self.ensure_one()
        if not category:
            return True
        above = self.category_id
        while above and above != category:
            above = above.parent_id
        return bool(above)
