"""What a client of a supplier's system does; one class for each kind of system.

Clients are plain Python: they run in threads, side by side, without the ORM. They give
plain data or raise ``SupplierError``, nothing else.
"""

from dataclasses import dataclass, field


class SupplierError(Exception):
    """The supplier did not give what was asked for.

    :param str code: ``auth`` (login refused), ``denied``, ``request`` (we asked
        wrongly), ``locked`` (try again later), ``limit`` (too many requests),
        ``server`` (its fault), ``timeout``, ``connection``, ``answer`` (not to be
        read), ``unsupported``, ``resting`` (not asked, after many errors)
    :param str message: in the supplier's words, plain text
    :param float retry_after: seconds, when the supplier names them
    :param bool was_sent: False when surely nothing of the request went out
    """

    def __init__(self, code, message="", retry_after=None, was_sent=True):
        super().__init__(f"{code}: {message}" if message else code)
        self.code = code
        self.message = message
        self.retry_after = retry_after
        self.was_sent = was_sent and code not in ("resting", "unsupported")

    @property
    def is_passing(self):
        """Whether the same request may be sent again later."""
        return self.code in ("locked", "limit", "server", "timeout", "connection")

    @property
    def is_doubtful(self):
        """Whether an order may exist at the supplier all the same: look it up first."""
        return self.was_sent and self.code in (
            "server",
            "timeout",
            "connection",
            "answer",
        )


@dataclass(slots=True)
class OrderLine:
    """One position that we order. ``reference`` is ours and comes back."""

    reference: str
    brand: str
    number: str
    quantity: float
    order_token: dict
    comment: str = ""


@dataclass(slots=True)
class OrderedPosition:
    """What became of a position, in the supplier's words.

    :param str reference: of our OrderLine, empty when it cannot be told
    :param str position: number of the position at the supplier, empty when refused
    :param str status_code: number of its status; ``status`` its name
    :param str comment: what the people of the supplier wrote to it
    """

    brand: str
    number: str
    quantity: float
    reference: str = ""
    position: str = ""
    order_number: str = ""
    price: float = 0.0
    currency: str = ""
    status: str = ""
    status_code: str = ""
    hours_max: int | None = None
    comment: str = ""
    error: str = ""


@dataclass(slots=True)
class OrderResult:
    """Positions that were taken, and those that were not."""

    positions: list = field(default_factory=list)
    refused: list = field(default_factory=list)
    message: str = ""


class SupplierClient:
    """Base of all clients. What a system cannot do stays as it is here.

    :param dict options: plain values of the account: ``url``, ``login``, ``password``,
        ``timeout`` (seconds for one request, from its start to its last byte),
        ``deadline`` (of ``time.monotonic()``, when all requests of the call end), …
    """

    def __init__(self, options):
        self.options = options

    def get_brands(self, number):
        """Brands that have the number.

        :return: list of BrandHit, empty when nothing is found
        """
        raise SupplierError("unsupported")

    def get_offers(self, number, brand, with_equivalents=True):
        """Offers of the part, and of equivalents.

        :return: list of PlainOffer, empty when nothing is found
        """
        raise SupplierError("unsupported")

    def get_offers_of_many(self, parts):
        """Offers of many parts, no equivalents.

        :param parts: list of pairs (number, brand)
        :return: list of PlainOffer
        """
        offers = []
        for number, brand in parts:
            offers += self.get_offers(number, brand, with_equivalents=False)
        return offers

    def place_order(self, number, lines, comment=""):
        """Order, once. After an error of the net it is not known whether it arrived.

        :param str number: our number of the order
        :param lines: list of OrderLine
        :return: OrderResult
        """
        raise SupplierError("unsupported")

    def find_order(self, number, lines=()):
        """Look our order up.

        :return: OrderResult, ``None`` when the supplier does not have it
        """
        raise SupplierError("unsupported")

    def get_positions(self, order_numbers):
        """Positions of orders with their status today.

        :param order_numbers: the supplier's numbers
        :return: list of OrderedPosition
        """
        raise SupplierError("unsupported")

    def cancel_position(self, position):
        """Ask to cancel a position.

        :return: the supplier's sentence
        """
        raise SupplierError("unsupported")

    def get_statuses(self):
        """Statuses that the supplier uses.

        :return: list of dicts ``code``, ``name``, ``is_final``
        """
        return []

    def get_brand_names(self):
        """Brands that the supplier knows with their other names.

        :return: list of pairs (name, list of aliases)
        """
        return []

    def get_order_options(self):
        """What an order may or must choose: ways of payment, delivery, addresses.

        :return: list of dicts ``kind`` (``payment``, ``shipment``, ``address``,
            ``office``), ``code``, ``name``
        """
        return []

    def check(self):
        """Ask something harmless, to see whether address and password are right.

        :return: what the supplier says about us, in a few words; may be empty
        """
        raise SupplierError("unsupported")
