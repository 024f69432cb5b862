"""HTTP around the world of shops: takes requests, answers them, breaks on order."""

import json
import select
import socket
import ssl
import struct
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from . import control
from .errors import AbcpError
from .registry import ROOTS
from .wire import dump, nest
from .world import Request, World

HANG_SECONDS = 600
BODY_LIMIT = 64 * 1024 * 1024
HTML = (
    "<html>\r\n<head><title>{status} Server Error</title></head>\r\n<body>\r\n"
    "<center><h1>{status} Server Error</h1></center>\r\n<hr><center>nginx</center>\r\n"
    "</body>\r\n</html>\r\n"
)
DEFAULT_SHOP = "alpha"


class Gone(Exception):
    """The connection is closed, nothing is answered any more."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "nginx"
    sys_version = ""
    disable_nagle_algorithm = True

    def do_GET(self):
        self.answer("GET")

    def do_POST(self):
        self.answer("POST")

    def do_DELETE(self):
        self.answer("DELETE")

    def log_message(self, *_arguments):
        """Requests are kept by the World; nothing is printed."""

    # Reading ------------------------------------------------------------------------

    def answer(self, method):
        try:
            path = urlsplit(self.path)
            params = self.read_params(path.query)
            if path.path.startswith(control.ROOT):
                self.answer_control(method, path.path, params)
            else:
                self.answer_customer(self.make_request(method, path.path, params))
        except (Gone, ConnectionError, TimeoutError):
            self.close_connection = True

    def read_params(self, query):
        """Parameters of the query and of the body, whatever its kind."""
        params = nest(parse_qsl(query, keep_blank_values=True))
        length = int(self.headers.get("Content-Length") or 0)
        if length > BODY_LIMIT:
            self.close_connection = True
            return params
        body = self.rfile.read(length) if length else b""
        kind = self.headers.get_content_type() if body else ""
        if kind == "application/json":
            found = json.loads(body or b"{}")
            return found if isinstance(found, list) else params | found
        if kind == "multipart/form-data":
            return params | read_multipart(body, self.headers.get_param("boundary"))
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
        return params | nest(pairs)

    def make_request(self, method, path, params):
        """Shop and operation; the shop is the first word of the path or of the host."""
        words = [word for word in path.split("/") if word]
        if words and words[0] not in ROOTS:
            shop = words.pop(0)
        else:
            shop = shop_of_host(self.headers.get("Host", ""))
        return Request(method, shop, "/".join(words), params)

    # Answering ----------------------------------------------------------------------

    def answer_control(self, method, path, params):
        status, result = 200, None
        try:
            result = control.answer(self.world, method, path, params)
        except AbcpError as error:
            status, result = error.status, error.body
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            status, result = 400, {"errorMessage": repr(error)}
        self.send(status, json.dumps(result, default=str).encode())

    def answer_customer(self, request):
        line = self.world.write_log(request)
        start = time.monotonic()
        before, after = self.world.faults.take(request)
        try:
            with self.world.counted(request) as under_way:
                self.break_off(before)
                status, body = self.carry_out(request, before, line, under_way)
                line["status"] = status
                self.break_off(after)
                self.send_broken(status, body, before | after)
        finally:
            line["seconds"] = round(time.monotonic() - start, 3)

    def carry_out(self, request, action, line, under_way):
        """Status and body of the answer."""
        if "error" in action:
            error = AbcpError(action["error"], action.get("message", ""))
            return action.get("status", error.status), dump(error.body)
        limit = self.world.shop(request.shop).settings.max_parallel
        if limit and under_way > limit:
            return 429, HTML.format(status=429)
        try:
            result = self.world.run(request, action)
        except AbcpError as error:
            return error.status, dump(error.body)
        line["committed"] = True
        return 200, dump(result)

    def send_broken(self, status, text, action):
        """Send the answer, damaged as the fault wants it."""
        if "html" in action:
            status, text = action["html"], HTML.format(status=action["html"])
        text = action.get("raw", text)
        body = text.encode("ascii" if text.isascii() else "utf-8")
        if "encoding" in action:
            body = json.dumps(json.loads(text), ensure_ascii=False)
            body = body.encode(action["encoding"], "replace")
        kind = "text/html" if text.startswith("<html") else "application/json"
        headers = dict(action.get("headers", {}))
        if "redirect" in action:
            status, headers = 302, headers | {"Location": action["redirect"]}
        if "huge" in action:
            self.send_huge(action["huge"])
        elif "drip" in action:
            self.send_drip(status, body, action["drip"])
        else:
            cut = len(body) // 2 if action.get("truncate") else None
            self.send(status, body, kind, headers, cut)

    def send_head(self, status, length, kind="application/json", headers=()):
        if status == 429:
            headers = {"Retry-After": "1", **dict(headers)}
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(length))
        for name, value in dict(headers).items():
            self.send_header(name, value)
        self.end_headers()

    def send(self, status, body, kind="application/json", headers=(), cut=None):
        self.send_head(status, len(body), kind, headers)
        self.wfile.write(body[:cut])
        self.wfile.flush()
        if cut is not None:
            raise Gone

    def send_drip(self, status, body, seconds):
        """One byte after the other, for as long as somebody listens."""
        self.send_head(status, len(body))
        for position in range(len(body)):
            self.wfile.write(body[position : position + 1])
            self.wfile.flush()
            self.wait(seconds)

    def send_huge(self, size):
        """An answer that is well-formed but never seems to end."""
        self.send_head(200, size)
        block = (b'{"brand":"TRW","number":"GDB1330"},' * 2000)[:65536]
        self.wfile.write(b"[")
        left = size - 1
        while left > 0:
            self.wfile.write(block[: min(left, len(block))])
            left -= len(block)
        self.wfile.flush()

    # Breaking -----------------------------------------------------------------------

    def break_off(self, action):
        """Wait, hang or cut the connection as the fault says."""
        if "latency" in action:
            self.wait(action["latency"])
        if action.get("hang"):
            seconds = HANG_SECONDS if action["hang"] is True else action["hang"]
            self.wait(seconds)
            raise Gone
        if action.get("reset"):
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.connection.close()
            raise Gone

    def wait(self, seconds):
        """Wait; Gone as soon as the other side hangs up."""
        released = self.world.faults.released
        deadline = time.monotonic() + seconds
        while not released.is_set():
            left = deadline - time.monotonic()
            if left <= 0:
                return
            if self.hung_up(min(left, 0.05)):
                raise Gone

    def hung_up(self, seconds):
        readable, _write, _error = select.select([self.connection], [], [], seconds)
        if not readable:
            return False
        if isinstance(self.connection, ssl.SSLSocket):
            return True
        return not self.connection.recv(1, socket.MSG_PEEK)

    @property
    def world(self):
        return self.server.world


def shop_of_host(host):
    """``id200`` of ``id200.public.api.abcp.ru``; the usual shop for plain addresses."""
    name = host.partition(":")[0]
    if name == "localhost" or name.replace(".", "").isdigit():
        return DEFAULT_SHOP
    return name.partition(".")[0] or DEFAULT_SHOP


def read_multipart(body, boundary):
    """Names and texts of a form with files; of a file its size is kept."""
    params = {}
    for part in body.split(b"--" + str(boundary).encode())[1:-1]:
        head, _blank, value = part.strip(b"\r\n").partition(b"\r\n\r\n")
        words = head.decode("utf-8", "replace").split('"')
        is_file = "filename=" in words[2] if len(words) > 2 else False
        params[words[1]] = len(value) if is_file else value.decode("utf-8", "replace")
    return params


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, address):
        super().__init__(address, Handler)
        self.world = World()

    def handle_error(self, request, client_address):
        """A client that went away is no error; anything else is."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError | OSError):
            super().handle_error(request, client_address)


def serve(host, port, cert=None, key=None):
    """Serve until the process is ended; the first line printed says where."""
    server = Server((host, port))
    scheme = "http"
    if cert:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, key)
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
        scheme = "https"
    print(f"{scheme}://{host}:{server.server_address[1]}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()
