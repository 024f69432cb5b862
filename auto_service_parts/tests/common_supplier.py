import threading
import time
from unittest.mock import patch

from ..tools.offer import BrandHit, PlainOffer
from ..tools.supplier_client import SupplierClient
from .common import PartsCommon

ABCP = "auto.service.supplier.handler.abcp"


class PlayedClient(SupplierClient):
    """A supplier without a net: it plays what the test wants it to.

    :param dict scenes: account number -> dict method -> what it gives; an error is
        raised, a function is called with the arguments
    """

    def __init__(self, options, account_id, stage):
        super().__init__(options)
        self.account_id = account_id
        self.stage = stage

    def get_brands(self, number):
        return self.stage.play(self, "get_brands", number)

    def get_offers(self, number, brand, with_equivalents=True):
        return self.stage.play(self, "get_offers", number, brand, with_equivalents)

    def get_offers_of_many(self, parts):
        return self.stage.play(self, "get_offers_of_many", parts)

    def place_order(self, number, lines, comment=""):
        return self.stage.play(self, "place_order", number, lines, comment)

    def find_order(self, number, lines=()):
        return self.stage.play(self, "find_order", number, lines)

    def get_positions(self, order_numbers):
        return self.stage.play(self, "get_positions", order_numbers)

    def cancel_position(self, position):
        return self.stage.play(self, "cancel_position", position)

    def get_statuses(self):
        return self.stage.play(self, "get_statuses")

    def get_brand_names(self):
        return self.stage.play(self, "get_brand_names")

    def get_order_options(self):
        return self.stage.play(self, "get_order_options")

    def check(self):
        return self.stage.play(self, "check")


class Stage:
    """What every supplier plays, and what it was asked.

    ``scenes[account.id][method]`` is a result, an error, or a function; ``calls`` holds
    tuples (account number, method, arguments).
    """

    def __init__(self):
        self.scenes = {}
        self.calls = []
        self.running = 0
        self.most_running = 0
        self.curtain = threading.Event()
        self._lock = threading.Lock()

    def set(self, account, method, scene):
        self.scenes.setdefault(account.id, {})[method] = scene

    def play(self, client, method, *args):
        with self._lock:
            self.calls.append((client.account_id, method, args))
            self.running += 1
            self.most_running = max(self.most_running, self.running)
        try:
            scene = self.scenes[client.account_id][method]
            if callable(scene):
                scene = scene(*args)
            if isinstance(scene, Exception):
                raise scene
            return scene
        finally:
            with self._lock:
                self.running -= 1

    def after(self, seconds, result):
        """A scene that gives ``result`` after a while, at the latest at the end."""

        def scene(*_args):
            self.curtain.wait(seconds)
            if isinstance(result, Exception):
                raise result
            return result

        return scene


class SupplierCommon(PartsCommon):
    """Suppliers that are played; what workers write goes with the test."""

    is_played = True  # False: the net is asked

    def setUp(self):
        super().setUp()
        if not type(self)._registry_patched:
            self.registry_enter_test_mode()
        self.stage = stage = Stage()

        def make_client(handler, account):
            options = account._get_client_options()
            return PlayedClient(options, account.id, stage)

        handler = self.env.registry[ABCP]
        if self.is_played:
            patcher = patch.object(handler, "_make_client", make_client)
            patcher.start()
            self.addCleanup(patcher.stop)
        self.addCleanup(stage.curtain.set)

    @classmethod
    def _create_account(cls, **values):
        """Account with all that is needed to ask.

        :return: auto.service.supplier.account record
        """
        return super()._create_account(
            **{
                "url": "http://127.0.0.1:9",
                "login": "garage",
                "password": "secret",
                **values,
            }
        )

    def _ask_all(self, accounts, timeout=2.0, method="get_brands", args=("X1",), **kw):
        """Ask the accounts the same.

        :return: list of Answer in the order in which they came, and seconds
        """
        asks = [(account, account.name, method, args) for account in accounts]
        started = time.monotonic()
        answers = list(accounts._ask(asks, timeout, **kw))
        return answers, time.monotonic() - started


def hits(*brands):
    """Brands as an answer."""
    return [BrandHit(brand=brand, number="X1") for brand in brands]


def offers(*prices):
    """Offers of one part at those prices, as an answer."""
    return [PlainOffer(brand="KYB", number="X1", price=price) for price in prices]
