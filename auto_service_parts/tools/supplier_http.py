"""HTTP for clients of suppliers: never longer, never bigger, never elsewhere.

``requests`` limits the silence between two bytes, not the whole answer: a server that
sends a byte a second holds a worker for hours. Here every read of the socket ends at
the deadline of the request. Plain Python.
"""

import io
import json
import logging
import re
import socket
import threading
import time
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

from .supplier_client import SupplierError

DEFAULT_TIMEOUT = 5.0  # seconds
MAX_BYTES = 16 * 1024 * 1024
MAX_REDIRECTS = 3
CHUNK_BYTES = 65536

_request = threading.local()  # deadline and secrets of the request of this thread


class _HideSecrets(logging.Filter):
    """Passwords in the address of a request stay out of the debug log."""

    def filter(self, record):
        for secret in getattr(_request, "secrets", ()):
            record.msg = str(record.msg).replace(secret, "***")
            if isinstance(record.args, tuple):
                record.args = tuple(
                    arg.replace(secret, "***") if isinstance(arg, str) else arg
                    for arg in record.args
                )
        return True


logging.getLogger("urllib3.connectionpool").addFilter(_HideSecrets())


def _get_seconds_left():
    left = _request.deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("deadline")
    return left


class _Reader(socket.SocketIO):
    """Reads a socket until the deadline of the request."""

    def __init__(self, sock):
        super().__init__(sock, "r")
        sock._io_refs += 1  # as its own makefile() does: closed after the last reader

    def readinto(self, buffer):
        self._sock.settimeout(_get_seconds_left())
        return super().readinto(buffer)


class _Socket:
    """A socket whose reads and writes end at the deadline of the request."""

    def __init__(self, sock):
        self._sock = sock

    def makefile(self, mode="rb", *args, **kwargs):
        return io.BufferedReader(_Reader(self._sock))

    def sendall(self, data, *args):
        self._sock.settimeout(_get_seconds_left())
        return self._sock.sendall(data, *args)

    def __getattr__(self, name):
        return getattr(self._sock, name)


class _ConnectionMixin:
    def connect(self):
        result = super().connect()
        self.sock = _Socket(self.sock)
        return result


class _Connection(_ConnectionMixin, HTTPConnectionPool.ConnectionCls):
    pass


class _SecureConnection(_ConnectionMixin, HTTPSConnectionPool.ConnectionCls):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args, **kwargs):
        result = super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}
        return result


def _no_auth(request):
    """Keeps ``requests`` from taking a password of the server's own ``.netrc``."""
    return request


@dataclass(slots=True)
class HttpAnswer:
    """An answer that was read to its end."""

    status: int
    headers: dict
    body: bytes

    def json(self):
        """The answer as data.

        :raise SupplierError: ``answer`` when it is something else
        """
        try:
            text = self.body.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = self.body.decode("cp1251", "replace")  # whatever the header says
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            raise SupplierError("answer", "not to be read") from error

    @property
    def retry_after(self):
        """Seconds that the supplier wants us to wait, ``None`` when he names none."""
        text = self.headers.get("retry-after") or ""
        return float(text) if re.fullmatch(r"\d{1,6}", text) else None


class SupplierHttp:
    """Requests to one supplier.

    :param dict options: ``url``, ``timeout`` (seconds of one request), ``deadline`` (of
        ``time.monotonic()``), ``max_bytes``
    :param secrets: texts that neither logs nor messages may hold
    """

    def __init__(self, options, secrets=()):
        self.options = options
        self.secrets = tuple(secret for secret in secrets if secret)
        self.base = self._check_url(options.get("url"))
        self.session = requests.Session()
        self.session.auth = _no_auth
        for scheme in ("http://", "https://"):
            self.session.mount(scheme, _Adapter(max_retries=0))

    @staticmethod
    def _check_url(url):
        parts = urlsplit((url or "").strip())
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise SupplierError("connection", "no such address", was_sent=False)
        return parts.geturl().rstrip("/") + "/"

    @property
    def seconds_left(self):
        """Seconds until the whole call has to end."""
        deadline = self.options.get("deadline")
        return deadline - time.monotonic() if deadline else float("inf")

    def pause(self, seconds):
        """Wait before another try.

        :return: False when there is no time left for one
        """
        if self.seconds_left < seconds + 0.2:
            return False
        time.sleep(seconds)
        return True

    def request(self, method, path, **kwargs):
        """Ask, and read the answer to its end.

        :param kwargs: ``params``, ``data``, ``json``, ``headers`` as in ``requests``
        :return: HttpAnswer, whatever its status is
        :raise SupplierError: ``timeout``, ``connection`` or ``answer``
        """
        seconds = min(self.options.get("timeout") or DEFAULT_TIMEOUT, self.seconds_left)
        if seconds <= 0:
            raise SupplierError("timeout", was_sent=False)
        _request.deadline = time.monotonic() + seconds
        _request.secrets = self.secrets
        try:
            return self._follow(method, urljoin(self.base, path.lstrip("/")), kwargs)
        except (requests.RequestException, HTTPError, OSError) as error:
            raise self._get_error(error) from None
        finally:
            _request.secrets = ()

    def _follow(self, method, url, kwargs):
        """Send, and go after redirections, as long as they stay at the supplier's."""
        for _count in range(MAX_REDIRECTS + 1):
            response = self.session.request(
                method,
                url,
                allow_redirects=False,
                stream=True,
                timeout=_get_seconds_left(),
                **kwargs,
            )
            with response:
                if not response.is_redirect:
                    return self._read(response)
                url = self._get_redirection(method, url, response)
                kwargs.pop("params", None)
        raise SupplierError("answer", "moved")

    def _get_redirection(self, method, url, response):
        target = urljoin(url, response.headers["location"])
        old, new = urlsplit(url), urlsplit(target)
        is_downgrade = old.scheme == "https" and new.scheme != "https"
        if method != "GET" or old.hostname != new.hostname or is_downgrade:
            raise SupplierError("answer", "moved")
        return target

    def _read(self, response):
        limit = self.options.get("max_bytes") or MAX_BYTES
        body = bytearray()
        for chunk in response.iter_content(CHUNK_BYTES):
            body += chunk
            if len(body) > limit:
                raise SupplierError("answer", "too big")
            _get_seconds_left()
        headers = {name.lower(): value for name, value in response.headers.items()}
        return HttpAnswer(response.status_code, headers, bytes(body))

    def _get_error(self, error):
        """What went wrong, without the address: it may hold the password."""
        kinds = set(_get_causes(error))
        is_slow = any(issubclass(kind, TimeoutError | socket.timeout) for kind in kinds)
        is_slow = is_slow or any("Timeout" in kind.__name__ for kind in kinds)
        names = {kind.__name__ for kind in kinds}
        was_sent = not names & {
            "NewConnectionError",
            "ConnectTimeout",
            "ConnectTimeoutError",
            "SSLCertVerificationError",
            "gaierror",
            "ConnectionRefusedError",
            "ProxyError",
            "InvalidURL",
            "LocationParseError",
        }
        if is_slow:
            return SupplierError("timeout", was_sent=was_sent)
        return SupplierError("connection", _get_plain_name(names), was_sent=was_sent)

    def hide(self, text):
        """``text`` without the secrets, for messages."""
        for secret in self.secrets:
            text = text.replace(secret, "***")
        return text


def _get_causes(error):
    """Types of the error and of all errors that are wrapped in it."""
    seen = []
    todo = [error]
    while todo and len(seen) < 20:
        item = todo.pop()
        if not isinstance(item, BaseException) or type(item) in seen:
            continue
        seen.append(type(item))
        todo += [item.__cause__, item.__context__, getattr(item, "reason", None)]
        todo += list(item.args)
    return seen


def _get_plain_name(names):
    """A few words of what broke."""
    for name, words in (
        ("gaierror", "no such address"),
        ("ConnectionRefusedError", "refused"),
        ("SSLCertVerificationError", "certificate not valid"),
        ("SSLError", "no secure connection"),
        ("ConnectionResetError", "broken off"),
        ("RemoteDisconnected", "broken off"),
        ("IncompleteRead", "broken off"),
        ("ProtocolError", "broken off"),
    ):
        if name in names:
            return words
    return ""
