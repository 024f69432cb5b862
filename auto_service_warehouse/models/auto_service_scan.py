from odoo import api, models
from odoo.exceptions import AccessError, UserError

#: What can be done with the scanner, in the order of the tiles: name of the icon, and
#: whether only the parts desk may do it.
MODES = {
    "lookup": ("fa-search", False),
    "receive": ("fa-sign-in", True),
    "putaway": ("fa-level-down", True),
    "pick": ("fa-shopping-basket", True),
    "issue": ("fa-wrench", True),
    "return": ("fa-undo", True),
    "move": ("fa-exchange", True),
    "count": ("fa-list-ol", True),
    "tool": ("fa-gavel", False),
    "supplier": ("fa-reply-all", True),
}


class AutoServiceScan(models.AbstractModel):
    """What a scanned code is, and what is to be done with it.

    The screen knows nothing: it sends a code or a button together with the ``state``
    that it got last, and shows what comes back. Every mode has the methods
    ``_start_<mode>(params)``, ``_take_<mode>(state, found)``, ``_screen_<mode>(state)``
    and one ``_act_<mode>_<button>(state, args)`` per button; see also
    :meth:`_get_kinds_of_mode`.
    """

    _name = "auto.service.scan"
    _description = "Scanner"

    # ------------------------------------------------------------------
    # Called by the screen
    # ------------------------------------------------------------------

    @api.model
    def get_modes(self):
        """What the user may do with the scanner.

        :return: list of dicts with name, label, hint and icon
        """
        labels = self._get_mode_labels()
        return [
            {
                "name": name,
                "icon": icon,
                "label": labels[name][0],
                "hint": labels[name][1],
            }
            for name, (icon, is_for_parts) in MODES.items()
            if not is_for_parts or self._is_parts_desk()
        ]

    @api.model
    def start(self, mode, params=None):
        """Begin something with the scanner.

        :param str mode: one of :data:`MODES`
        :param dict params: what is known already (picking_id, order_id …)
        :return: dict of the screen, as :meth:`handle`
        """
        self._ensure_mode(mode)
        state = getattr(self, f"_start_{mode}")(params or {})
        return self._build_answer(mode, self._said(state))

    @api.model
    def handle(self, token, mode, event, state=None):
        """Take a scan, a press of a button, or take the last one back.

        The same token a second time changes nothing and gets the same answer.

        :param str token: name that the screen gave to this scan
        :param str mode: one of :data:`MODES`
        :param dict event: ``{"code": …}``, ``{"action": …, "args": …}`` or
            ``{"undo": token of the scan}``
        :param dict state: what the answer before said
        :return: dict with tone (ok, info, ask, error), message, state, screen, can_undo
        """
        self._ensure_mode(mode)
        entry = self.env["auto.service.scan.entry"]._enter(token, mode, event)
        if entry.answer:
            return entry.answer
        state = dict(state or {})
        try:
            with self.env.cr.savepoint():
                said = self._respond(mode, event, dict(state))
        except UserError as error:  # a wrong scan is an answer, too
            said = self._said(state, str(error), tone="error")
        answer = self._build_answer(mode, said)
        entry.write({"answer": answer, "undo": said.get("undo")})
        return answer

    @api.model
    def resolve(self, code, mode="lookup", state=None):
        """What a code stands for.

        :param str code: what was scanned or typed
        :return: dict with kind, id and name; several meanings are under "choices",
            an unknown code has kind False
        """
        self._ensure_mode(mode)
        found = self._find(code, mode)
        if len(found) == 1:
            return found[0]._to_dict()
        return {"kind": False, "choices": [hit._to_dict() for hit in found]}

    # ------------------------------------------------------------------
    # Roles
    # ------------------------------------------------------------------

    @api.model
    def _is_parts_desk(self):
        return self.env.user.has_group("auto_service_base.group_parts")

    @api.model
    def _ensure_mode(self, mode):
        """Only the parts desk moves parts; everybody of the garage may look."""
        if mode not in MODES:
            raise UserError(
                self.env._("The scanner does not know “%(mode)s”.", mode=mode)
            )
        is_user = self.env.user.has_group("auto_service_base.group_user")
        if not is_user or (MODES[mode][1] and not self._is_parts_desk()):
            raise AccessError(
                self.env._(
                    "Only people of the parts desk can do this. Ask one of them."
                )
            )

    @api.model
    def _get_mode_labels(self):
        """Label and hint of every mode."""
        return {
            "lookup": (
                self.env._("Look up"),
                self.env._("Any code: part, bin, work order, tool"),
            ),
            "receive": (self.env._("Receive"), self.env._("What the supplier brought")),
            "putaway": (
                self.env._("Put away"),
                self.env._("From the delivery to its bin"),
            ),
            "pick": (self.env._("Pick"), self.env._("Parts for coming visits")),
            "issue": (self.env._("Issue"), self.env._("Parts to a technician")),
            "return": (
                self.env._("Take back"),
                self.env._("Parts that were not fitted"),
            ),
            "move": (self.env._("Move"), self.env._("From bin to bin")),
            "count": (self.env._("Count"), self.env._("What lies in a bin")),
            "tool": (self.env._("Tools"), self.env._("Hand out and take back")),
            "supplier": (
                self.env._("To supplier"),
                self.env._("Parts that go back for credit"),
            ),
        }

    # ------------------------------------------------------------------
    # Answering
    # ------------------------------------------------------------------

    def _respond(self, mode, event, state):
        if "undo" in event:
            return self._undo(mode, event["undo"])
        if event.get("action"):
            return self._press(mode, event["action"], state, event.get("args") or {})
        return self._scan(mode, str(event.get("code") or "").strip(), state)

    def _press(self, mode, action, state, args):
        """A button: its method is named after the mode and the button."""
        if action == "choose":
            return self._take(mode, state, self._get_found(**args))
        method = getattr(self, f"_act_{mode}_{action}", None)
        if not method:
            raise UserError(self.env._("This button is gone. Begin anew."))
        return method(state, args)

    def _scan(self, mode, code, state):
        if not code:
            raise UserError(self.env._("Nothing was scanned. Try again."))
        button = self._get_button_of_code(code)
        if button and hasattr(self, f"_act_{mode}_{button}"):
            return self._press(mode, button, state, {})
        if state.get("wait"):
            return self._take(mode, state, self._read_lot(state, code))
        found = self._find(code, mode)
        wanted = self._get_kinds_of_mode(mode)
        fitting = [hit for hit in found if hit.kind in wanted]
        if len(fitting) == 1 and (fitting[0].is_sure or mode == "lookup"):
            return self._take(mode, state, fitting[0])
        if fitting:
            question = self.env._("What is “%(code)s”?", code=code)
            return self._said(state, question, tone="ask", choices=fitting)
        if found:
            raise UserError(
                found[0]._describe_misfit(self._screen(mode, state)["prompt"])
            )
        raise UserError(self.env._("“%(code)s” is not known here.", code=code))

    def _take(self, mode, state, found):
        """A thing was scanned: a tracked part first needs its number."""
        if found.kind == "product" and self._is_lot_wanted(mode, found):
            state["wait"] = {"product": found.record.id, "quantity": found.quantity}
            return self._said(state, found.record.display_name, tone="info")
        state.pop("wait", None)
        return getattr(self, f"_take_{mode}")(state, found)

    def _undo(self, mode, token):
        """Take a scan back, and the screen to where it was before it."""
        entry = self.env["auto.service.scan.entry"].sudo()._find(token)
        if entry.is_undone or not entry.undo:
            raise UserError(self.env._("This cannot be taken back any more."))
        entry.is_undone = True
        undo = entry.undo
        if undo.get("method"):
            method = f"_undo_{entry.mode}_{undo['method']}"
            getattr(self, method)(**undo.get("args", {}))
        return self._said(undo["state"], self.env._("Undone"), tone="info")

    @api.model
    def _said(self, state, message="", tone="ok", **values):
        """What a method of a mode returns.

        :param dict state: what the next scan has to know
        :param str message: short sentence for the user
        :param str tone: ok, info, ask or error
        :param values: ``undo`` as made by :meth:`_back`, ``buttons`` that answer a
            question, ``choices`` (found things to choose from), ``detail``
        """
        return {"state": state, "message": message, "tone": tone, **values}

    @api.model
    def _back(self, state, method=None, **args):
        """How a scan is taken back: ``_undo_<mode>_<method>``, and the state before."""
        return {"state": state, "method": method, "args": args}

    def _build_answer(self, mode, said):
        return {
            "mode": mode,
            "state": said["state"],
            "tone": said["tone"],
            "message": said["message"],
            "detail": said.get("detail", ""),
            "buttons": said.get("buttons", []),
            "choices": [hit._to_choice() for hit in said.get("choices", [])],
            "can_undo": bool(said.get("undo")),
            "screen": self._screen(mode, said["state"]),
        }

    def _screen(self, mode, state):
        """What the screen shows for a state."""
        screen = {
            "prompt": "",
            "subtitle": "",
            "icon": "fa-barcode",
            "chips": [],
            "lines": [],
            "facts": [],
            "buttons": [],
            "choices": [],
            "empty": "",
        }
        screen.update(getattr(self, f"_screen_{mode}")(state))
        if state.get("wait"):
            screen.update(self._screen_of_lot(state))
        return screen
