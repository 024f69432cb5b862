"""All shops of a server, the faults, and what was asked so far."""

import itertools
import threading
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field

from . import account, basket, orders, reference, search  # noqa: F401
from .errors import AbcpError
from .faults import Faults
from .registry import OPERATIONS
from .shop import Shop

LOG_LIMIT = 20_000


@dataclass
class Request:
    """One request of a customer of a shop.

    :param str operation: path without the shop and the last slash
    :param dict params: of the query and the body, nested
    """

    method: str
    shop: str
    operation: str
    params: dict = field(default_factory=dict)

    @property
    def login(self):
        return str(self.params.get("userlogin") or "")


class World:
    def __init__(self):
        self.lock = threading.Lock()
        self.numbers = itertools.count(1)
        self.started = time.time()
        self.faults = Faults()
        self.reset()

    def reset(self):
        """As if the server had just been started."""
        with self.lock:
            self.shops = {}
            self.log = []
            self.now = Counter()
            self.most = Counter()
        self.faults.clear()

    def shop(self, name):
        with self.lock:
            if name not in self.shops:
                self.shops[name] = Shop(name)
            return self.shops[name]

    # Requests -----------------------------------------------------------------------

    def write_log(self, request):
        """A line of the log; what comes of the request is added to it later."""
        hidden = {**request.params}
        if "userpsw" in hidden:
            hidden["userpsw"] = "…"
        line = {
            "id": next(self.numbers),
            "at": time.time(),
            "method": request.method,
            "shop": request.shop,
            "operation": request.operation,
            "login": request.login,
            "params": hidden,
            "status": None,
            "seconds": None,
            "committed": False,
        }
        with self.lock:
            self.log.append(line)
            del self.log[:-LOG_LIMIT]
        return line

    @contextmanager
    def counted(self, request):
        """How many requests of a login are under way at once."""
        key = f"{request.shop}/{request.login}"
        with self.lock:
            self.now[key] += 1
            self.most[key] = max(self.most[key], self.now[key])
        try:
            yield self.now[key]
        finally:
            with self.lock:
                self.now[key] -= 1

    def run(self, request, action):
        """Carry the operation out.

        :param dict action: what goes wrong inside of it
        :return: what it answers; AbcpError when it refuses
        """
        operation = OPERATIONS.get((request.method, request.operation))
        if not operation:
            raise AbcpError(3)
        shop = self.shop(request.shop)
        user = None
        if not operation.is_public:
            for name in ("userlogin", "userpsw"):
                if not request.params.get(name):
                    raise AbcpError(2, f"Required parameter '{name}' is missing")
            user = shop.authenticate(request.login, request.params["userpsw"])
            if user.is_denied or (operation.is_admin and not user.is_admin):
                raise AbcpError(103)
        with shop.lock:
            shop.bend(action)
            answer = operation(shop, user, request.params)
            return shop.write(answer, action.get("shape"), action.get("values"))
