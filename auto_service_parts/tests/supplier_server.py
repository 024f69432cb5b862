"""A small HTTP server in a thread that plays a supplier, with all its moods.

Plain Python: tests with and without Odoo use it.
"""

import json
import socket
import struct
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit


@dataclass
class Reply:
    """What the server answers.

    :param body: text, or data that becomes JSON
    :param str mood: ``""``, ``hang`` (no answer), ``drip`` (a byte a while),
        ``drip_head`` (the same from the first line on), ``huge`` (no end), ``reset``
        (breaks off)
    :param float seconds: before it answers
    """

    body: object = ""
    status: int = 200
    headers: dict = field(default_factory=dict)
    mood: str = ""
    seconds: float = 0.0


@dataclass
class Question:
    """What the server was asked."""

    method: str
    path: str
    values: dict
    headers: dict


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request, client_address):
        """Clients that do not wait are what the tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        owner = self.server.owner
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        is_json = "json" in (self.headers.get("Content-Type") or "")
        values = json.loads(body) if is_json else dict(parse_qsl(body))
        values = {**dict(parse_qsl(parts.query)), **values}
        question = Question(
            self.command, parts.path.strip("/"), values, dict(self.headers)
        )
        with owner.counting():
            self.send(owner.answer(question))

    do_POST = do_GET

    def send(self, reply):
        end = self.server.owner.closed
        if end.wait(reply.seconds) or reply.mood == "hang" and end.wait(60):
            return
        if reply.mood == "reset":
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.close_connection = True
            self.rfile.close()
            self.connection.close()
            return
        body = reply.body
        if not isinstance(body, bytes):
            text = body if isinstance(body, str) else json.dumps(body)
            body = text.encode()
        if reply.mood == "drip_head":
            self.drip(b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 1000)
            return
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.mood == "huge":
            self.send_huge()
            return
        length = len(body) + (1000 if reply.mood == "drip" else 0)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(body)
        if reply.mood == "drip":
            self.drip(b" " * 1000)

    def drip(self, data):
        for index in range(len(data)):
            self.wfile.write(data[index : index + 1])
            if self.server.owner.closed.wait(0.1):
                return

    def send_huge(self):
        self.send_header("Content-Length", str(10**12))
        self.end_headers()
        for _count in range(4000):
            self.wfile.write(b"x" * 65536)

    def log_message(self, *args):
        """Quiet."""


class SupplierServer:
    """The server; a context manager.

    ``replies`` holds for each path a Reply, a list of them (one after the other, the
    last one stays) or a function that makes one of a Question.
    """

    def __init__(self, replies=None):
        self.replies = dict(replies or {})
        self.questions = []
        self.closed = threading.Event()
        self.running = 0
        self.most_running = 0
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.owner = self
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self):
        threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        ).start()
        return self

    def __exit__(self, *args):
        self.closed.set()
        self._server.shutdown()
        self._server.server_close()

    def counting(self):
        """How many questions run at once is counted meanwhile."""
        return _Counting(self)

    def answer(self, question):
        with self._lock:
            self.questions.append(question)
            reply = self.replies.get(question.path, Reply(status=404))
            if isinstance(reply, list):
                reply = reply.pop(0) if len(reply) > 1 else reply[0]
        return reply(question) if callable(reply) else reply

    def wait_for(self, count, seconds=5.0):
        """Until that many questions have come."""
        end = time.monotonic() + seconds
        while len(self.questions) < count and time.monotonic() < end:
            time.sleep(0.01)
        return len(self.questions) >= count


class _Counting:
    def __init__(self, owner):
        self.owner = owner

    def __enter__(self):
        with self.owner._lock:
            self.owner.running += 1
            most = max(self.owner.most_running, self.owner.running)
            self.owner.most_running = most

    def __exit__(self, *args):
        with self.owner._lock:
            self.owner.running -= 1
