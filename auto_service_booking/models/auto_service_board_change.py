from odoo import api, models
from odoo.exceptions import UserError


class AutoServicePlanner(models.AbstractModel):
    """What the mouse does on the board.

    Every method answers with the blocks that have changed, as ``get_board_blocks``
    does, or with ``problems``: sentences that the dispatcher has to confirm. What is
    impossible is refused with an error; nothing is changed then.
    """

    _inherit = "auto.service.planner"

    @api.model
    def move_block(self, block, change, window):
        """Move or resize a block, or give it to another row.

        :param int block: number of the block
        :param dict change: ``start`` and ``stop`` (minutes of the board; only what
            changes), ``source`` and ``target`` (resource ids), ``allow`` (True: the
            dispatcher has confirmed the problems)
        :param dict window: as ``get_board`` gave it
        """
        _company, clock = self._get_window_clock(window)
        row = self._get_board_row(block, change.get("source"))
        start, stop = (
            None if change.get(name) is None else clock.to_utc(change[name])
            for name in ("start", "stop")
        )
        rows = row._with_block()
        rows._check_board_move(start)
        if start and not stop:
            stop = start + (row.stop - row.start)
        target = self._get_board_target(change)
        allow = bool(change.get("allow"))
        problems = [] if allow else row._get_move_problems(start, stop, target)
        if problems:
            return {"problems": problems}
        if allow and (start or stop):
            rows.write({"is_overtime": True})
        row._move_block(start=start, stop=stop, resource=target, allow=allow)
        if start:  # at another time all of the block is right again
            rows.filtered("replan_reason")._clear_replan()
        return self._get_changed_blocks([block], window)

    @api.model
    def split_block(self, block, minute, window):
        """Cut a block in two; each half can be moved on its own.

        :param int minute: where, minute of the board
        """
        _company, clock = self._get_window_clock(window)
        rows = self._get_board_row(block)._with_block()
        new_block = rows._split_at(clock.to_utc(minute))
        return self._get_changed_blocks([block, new_block], window)

    @api.model
    def free_block(self, block, window):
        """Give the time of a block back."""
        rows = self._get_board_row(block)._with_block()
        rows._check_board_move()
        rows.write({"state": "cancelled"})
        return self._get_changed_blocks([block], window)

    @api.model
    def _get_board_row(self, block, resource_id=None):
        """Row of a block that is on the board.

        :param int resource_id: resource.resource; None: any of the block
        :return: auto.service.allocation record
        """
        self._check_board_access("write")
        domain = [("block", "=", block), ("state", "!=", "cancelled")]
        rows = self.env["auto.service.allocation"].search(domain)
        row = rows.filtered(lambda row: row.resource_id.id == resource_id)[:1]
        if not rows or (resource_id and not row):
            raise UserError(
                self.env._("Somebody has just taken that off the board or moved it.")
            )
        return row or rows[:1]

    @api.model
    def _get_board_target(self, change):
        """Row that a block is dropped on; None: the same one."""
        target = change.get("target")
        if not target or target == change.get("source"):
            return None
        return self.env["resource.resource"].browse(target)

    @api.model
    def _get_changed_blocks(self, blocks, window):
        self.env.flush_all()
        return self.get_board_blocks(blocks, window)
