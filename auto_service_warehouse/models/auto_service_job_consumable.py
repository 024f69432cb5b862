from odoo import fields, models
from odoo.exceptions import UserError


class AutoServiceJob(models.Model):
    """Consumables leave the shelf when a job is done, and come back when it is not."""

    _inherit = "auto.service.job"

    consumable_use_ids = fields.One2many(
        "auto.service.consumable.use",
        "job_id",
        string="Consumables",
        readonly=True,
        copy=False,
        help="What the job took by the norms of its operations.",
    )

    def _finish(self):
        res = super()._finish()
        self._draw_consumables()
        return res

    def _reopen(self):
        res = super()._reopen()
        self._put_consumables_back()
        return res

    def _draw_consumables(self):
        """Take what the jobs used off the shelf; nobody is kept from finishing.

        Called when jobs are done. What is not there is noted as not on the shelf.
        """
        for company, jobs in self.sudo().grouped("company_id").items():
            jobs = jobs.with_company(company)
            wanted = jobs._get_consumables_wanted()
            if wanted:
                jobs._draw_wanted(company, wanted)

    def _draw_wanted(self, company, wanted):
        """Draw consumables, and write what went for which operation.

        :param company: res.company record
        :param dict wanted: quantity by (job, operation, product) records
        """
        try:
            with self.env.cr.savepoint():
                moves = self._move_consumables(company, wanted)
        except UserError as error:
            moves = {}
            for order in self.order_id:
                order.message_post(body=str(error))
        uses = self._prepare_use_values(company, wanted, moves)
        self.env["auto.service.consumable.use"].create(uses)

    def _get_consumables_wanted(self):
        """What the approved labour of the jobs takes by the norms.

        :return: dict of (job, operation, product) records to quantity in the unit of
            the product
        """
        lines = self.line_ids.filtered(
            lambda line: line.kind == "labour" and line.state == "sale"
        )
        if not lines:
            return {}
        company = self.company_id
        norms = self.env["auto.service.consumable"]._get_norms(
            company, lines.operation_id
        )
        wanted = {}
        for line in lines if norms else ():
            hours = line._get_hours()
            for norm in norms:
                if norm.operation_id and norm.operation_id != line.operation_id:
                    continue
                key = (line.job_id, line.operation_id, norm.product_id)
                wanted[key] = wanted.get(key, 0.0) + norm._get_quantity(hours)
        return wanted

    def _move_consumables(self, company, wanted):
        """One stock move per product, of what is there.

        :return: dict of product to stock.move record that is done
        """
        quantities = {}
        for (_job, _operation, product), quantity in wanted.items():
            quantities[product] = quantities.get(product, 0.0) + quantity
        places = {
            "location_id": company._get_consumable_location().id,
            "location_dest_id": company._get_used_location().id,
        }
        moves = self.env["stock.move"].create(
            [
                self._prepare_consumable_move_values(company, product, quantity)
                | places
                # in one order everywhere: two jobs at once do not wait for each other
                for product, quantity in sorted(
                    quantities.items(), key=lambda item: item[0].id
                )
            ]
        )
        moves._draw_what_is_there()
        return {move.product_id: move for move in moves if move.state == "done"}

    def _prepare_consumable_move_values(self, company, product, quantity):
        """Values of the move that takes a consumable off the shelf."""
        return {
            "product_id": product.id,
            "product_uom_qty": product.uom_id.round(quantity),
            "product_uom": product.uom_id.id,
            "origin": ", ".join(self.order_id.mapped("name")),
            "company_id": company.id,
        }

    def _prepare_use_values(self, company, wanted, moves):
        """Rows of what went for which operation; first come, first served."""
        left = {product: move.quantity for product, move in moves.items()}
        rows = []
        for (job, operation, product), quantity in wanted.items():
            quantity = product.uom_id.round(quantity)
            drawn = min(quantity, left.get(product, 0.0))
            left[product] = left.get(product, 0.0) - drawn
            move = moves.get(product, self.env["stock.move"])
            rows.append(
                {
                    "job_id": job.id,
                    "operation_id": operation.id,
                    "product_id": product.id,
                    "quantity": quantity,
                    "quantity_drawn": drawn,
                    "quantity_short": product.uom_id.round(quantity - drawn),
                    "cost": drawn * product.with_company(company).standard_price,
                    "move_id": move.id if drawn else False,
                    "company_id": company.id,
                }
            )
        return rows

    def _put_consumables_back(self):
        """What the jobs drew is on the shelf again: they are not done."""
        uses_sudo = self.sudo().consumable_use_ids.filtered(
            lambda use: not use.is_undone
        )
        moves = uses_sudo.move_id.filtered(lambda move: move.state == "done")
        for move in moves:
            # a move may serve several jobs: only what these ones took comes back
            mine = uses_sudo.filtered(lambda use, move=move: use.move_id == move)
            move._put_back(sum(mine.mapped("quantity_drawn")))
        uses_sudo.is_undone = True

    def _get_consumable_cost(self):
        """Cost of the consumables that the jobs took.

        :return: dict of job id to amount in the currency of its company
        """
        groups = (
            self.env["auto.service.consumable.use"]
            .sudo()
            ._read_group(
                [("job_id", "in", self.ids), ("is_undone", "=", False)],
                ["job_id"],
                ["cost:sum"],
            )
        )
        return {job.id: cost for job, cost in groups}
