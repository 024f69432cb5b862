"""Start the server as a process of its own, and steer it from a test."""

import json
import subprocess
import sys
import urllib.request
from pathlib import Path
from urllib.parse import urlencode

from .shop import PASSWORD

LOGIN = "garage"


class FakeAbcp:
    """The server on a free port, to be used as a context manager.

    Shops are made when they are named for the first time: ``url_of("alpha")``.
    """

    def __init__(self, arguments=()):
        self.arguments = arguments
        self.process = None
        self.url = ""

    def start(self):
        command = [sys.executable, "-m", "fake_abcp", "--port", "0", "--until-eof"]
        command += self.arguments
        self.process = subprocess.Popen(
            command,
            cwd=Path(__file__).resolve().parents[1],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.url = self.process.stdout.readline().strip()
        if not self.url:
            raise RuntimeError("the supplier's server did not start")
        return self

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()

    __enter__ = start

    def __exit__(self, *_details):
        self.stop()

    def url_of(self, shop):
        return f"{self.url}/{shop}"

    @staticmethod
    def get_account(login=LOGIN, password=PASSWORD):
        """What a customer of a shop types in."""
        return {"login": login, "password": password}

    # The side entrance --------------------------------------------------------------

    def control(self, method, path, data=None, **params):
        """Call ``/__control__/<path>``; see README.md."""
        url = f"{self.url}/__control__/{path}?{urlencode(params)}"
        body = None if data is None else json.dumps(data).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(url, body, headers, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=20) as answer:
            return json.loads(answer.read())

    def reset(self):
        self.control("POST", "reset", {})

    def add_fault(self, **rule):
        """Let something go wrong; see README.md for the words."""
        return self.control("POST", "faults", rule)[0]

    def clear_faults(self):
        self.control("DELETE", "faults")

    def requests(self, **which):
        """What was asked so far; ``which``: shop, operation, login, method."""
        return self.control("GET", "requests", **which)

    def orders(self, shop):
        """All orders of a shop, the oldest first."""
        return self.control("GET", "orders", shop=shop)

    def set_status(self, shop, **which):
        return self.control("POST", "status", {"shop": shop, **which})

    def change(self, shop, number, **values):
        """Change price, stock, … of all offers of a number."""
        data = {"shop": shop, "number": number, "change": values}
        return self.control("POST", "offers", data)

    def set_up(self, shop, **values):
        return self.control("POST", "settings", {"shop": shop, **values})
