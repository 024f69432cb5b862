from odoo import fields, models

#: States of those who were never asked, or have not answered yet.
OPEN_STATES = ("waiting", "running")


class AutoServicePartsEnquirySource(models.Model):
    """One of those who are asked, and what became of it."""

    _name = "auto.service.parts.enquiry.source"
    _description = "Source of an Enquiry"
    _log_access = False
    _order = "sequence, id"

    enquiry_id = fields.Many2one(
        "auto.service.parts.enquiry",
        required=True,
        index=True,
        ondelete="cascade",
        help="The question.",
    )
    company_id = fields.Many2one(
        related="enquiry_id.company_id",
        store=True,
        precompute=True,
        help="Company that asked.",
    )
    sequence = fields.Integer(default=10, help="Place in lists.")
    kind = fields.Selection(
        [("own", "Own stock"), ("list", "Price lists"), ("live", "Supplier")],
        required=True,
        help="Own stock, all loaded price lists, or a supplier who answers live.",
    )
    account_id = fields.Many2one(
        "auto.service.supplier.account",
        index="btree_not_null",
        ondelete="set null",
        help="Account that was asked.",
    )
    name = fields.Char(required=True, help="Name of the source at that time.")
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("running", "Asked"),
            ("done", "Answered"),
            ("empty", "Nothing found"),
            ("error", "Error"),
            ("timeout", "Too slow"),
            ("resting", "Not asked"),
        ],
        default="waiting",
        required=True,
        help="What became of the question.",
    )
    message = fields.Char(help="What went wrong, in one sentence.")
    offer_count = fields.Integer(
        string="Number of offers", help="How many offers the source had."
    )
    milliseconds = fields.Integer(help="How long the answer took, in milliseconds.")
    is_cached = fields.Boolean(
        string="From a moment ago", help="The answer was still fresh from before."
    )

    def _take(self, answer, keep):
        """Keep what a supplier answered.

        :param answer: of ``auto.service.supplier.account._ask``
        :param keep: function of source and result; returns how many it kept and a
            sentence
        """
        self.ensure_one()
        values = {
            "milliseconds": round(answer.milliseconds or 0),
            "is_cached": bool(answer.is_cached),
        }
        if answer.error:
            values.update(self._prepare_error_values(answer.error))
        else:
            count, message = keep(self, answer.result)
            values.update(
                state="done" if count else "empty", offer_count=count, message=message
            )
        self.sudo().write(values)

    def _prepare_error_values(self, error):
        """State and sentence for an error.

        :param error: SupplierError
        """
        states = {"timeout": "timeout", "resting": "resting"}
        return {
            "state": states.get(error.code, "error"),
            "message": self._describe_error(error),
        }

    def _describe_error(self, error):
        """What went wrong, in one sentence for the advisor.

        :param error: SupplierError
        """
        texts = {
            "auth": self.env._("Login or password refused. A manager can correct it."),
            "denied": self.env._("Not allowed for our account."),
            "locked": self.env._("Busy. Ask again in a moment."),
            "limit": self.env._("Too many requests for now. Ask again later."),
            "server": self.env._("An error on his side."),
            "timeout": self.env._("No answer in time."),
            "connection": self.env._("Cannot be reached."),
            "answer": self.env._("The answer cannot be read."),
            "unsupported": self.env._("Does not answer this kind of question."),
            "resting": self.env._("Not asked: too many errors a moment ago."),
        }
        text = texts.get(error.code) or self.env._("Does not answer.")
        return f"{text} {error.message}".strip()[:250]

    def _fail(self):
        """Our own fault: the answer came, and could not be kept."""
        self.sudo().write(
            {"state": "error", "message": self.env._("The answer cannot be read.")}
        )

    def _reset(self):
        """They are asked anew, for something else."""
        self.sudo().write(
            {
                "state": "waiting",
                "message": False,
                "offer_count": 0,
                "milliseconds": 0,
                "is_cached": False,
            }
        )

    def _give_up(self):
        """Nobody waits for their answers any more."""
        late = self.filtered(lambda source: source.state in OPEN_STATES)
        late.sudo().write(
            {"state": "timeout", "message": self.env._("Not waited for.")}
        )

    def _describe(self):
        """Plain data for the screen.

        :return: list of dicts
        """
        return self.sorted(lambda source: (source.sequence, source.id)).read(
            [
                "kind",
                "account_id",
                "name",
                "state",
                "message",
                "offer_count",
                "milliseconds",
                "is_cached",
            ],
            load=None,
        )
