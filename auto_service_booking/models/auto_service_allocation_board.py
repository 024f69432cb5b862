from odoo import api, models
from odoo.exceptions import UserError

#: Name of the channel of the bus, and of its messages.
BOARD_CHANNEL = "auto_service_board"
#: More blocks than that in one change: the boards load all again.
MANY_BLOCKS = 200


class AutoServiceAllocation(models.Model):
    """What the board asks of the rows, and what it is told of them."""

    _inherit = "auto.service.allocation"

    def _notify_board(self):
        """Tell every open board which blocks have changed, once per transaction."""
        res = super()._notify_board()
        for row in self.sudo():  # a resource may be of a branch that is not active now
            for company in row.company_id | row.resource_id.company_id:
                self._collect_board_change(company, row.block)
        return res

    @api.model
    def _notify_whole_board(self, companies):
        """Tell every open board of the branches to load again: hours have changed."""
        for company in companies:
            self._collect_board_change(company, None)

    @api.model
    def _collect_board_change(self, company, block):
        """Remember a change until the transaction is committed."""
        data = self.env.cr.precommit.data
        if BOARD_CHANNEL not in data:
            data[BOARD_CHANNEL] = {}
            self.env.cr.precommit.add(self._send_board_changes)
        data[BOARD_CHANNEL].setdefault(company, set()).add(block)

    @api.model
    def _send_board_changes(self):
        """One message per branch; it has numbers of blocks and nothing else."""
        changes = self.env.cr.precommit.data.pop(BOARD_CHANNEL, {})
        for company, blocks in changes.items():
            whole = None in blocks or len(blocks) > MANY_BLOCKS
            self.env["bus.bus"]._sendone(
                (company, BOARD_CHANNEL),
                BOARD_CHANNEL,
                {
                    "company_id": company.id,
                    "blocks": [] if whole else sorted(blocks),
                    "all": whole,
                },
            )

    def _check_board_move(self, start=None):
        """What is done stays where it was; what has begun keeps its beginning.

        :param datetime start: where it is to begin, naive UTC; None: as it is
        """
        if any(row.state == "done" for row in self):
            raise UserError(self.env._("That work is done; its time stays."))
        if start and any(row.state == "started" and row.start != start for row in self):
            raise UserError(
                self.env._(
                    "That work has begun; only its end can be moved. Split it to move "
                    "the rest."
                )
            )

    def _split_at(self, moment):
        """Cut the block of these rows in two.

        :param datetime moment: naive UTC, inside of the block
        :return: number of the new block, the later half
        """
        self._check_board_move()
        if not all(row.start < moment < row.stop for row in self):
            raise UserError(self.env._("Choose a moment inside of the block."))
        later = [
            {**row._prepare_split_values(), "start": moment, "stop": row.stop}
            for row in self
        ]
        self[:1].write({"stop": moment})
        [block] = self._new_blocks()
        # the day is not fuller than before
        halves = self.with_context(auto_service_uses_reserve=True)
        halves.create([{**values, "block": block} for values in later])
        return block

    def _prepare_split_values(self):
        """Values of the later half; it waits, also when the first one has begun."""
        self.ensure_one()
        return {
            "resource_id": self.resource_id.id,
            "state": "held" if self.state == "held" else "planned",
            "held_until": self.held_until,
            "is_gap": self.is_gap,
            "is_overtime": self.is_overtime,
            "name": self.name,
            "company_id": self.company_id.id,
            "booking_id": self.booking_id.id,
            "line_id": self.line_id.id,
            "order_id": self.order_id.id,
            "job_id": self.job_id.id,
        }
