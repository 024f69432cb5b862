"""Fetching of a supplier's file by pieces, within limits. Plain Python, no ORM."""

import ftplib
import ipaddress
import re
import socket
import time
from urllib.parse import unquote, urljoin, urlsplit

import requests

PIECE = 1 << 18
CONNECT_SECONDS = 15
SILENT_SECONDS = 60
TOTAL_SECONDS = 1800
MAX_REDIRECTS = 5
SCHEMES = ("http", "https", "ftp")


class DownloadError(Exception):
    """The file could not be fetched.

    :param str code: address, local, status, login, connection, too_slow, too_big, cut
    :param str detail: status or words of the other side
    """

    def __init__(self, code, detail=""):
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


class NotChanged(Exception):
    """The other side says that the file is the one we have."""


def check_address(url, is_local_allowed=False):
    """Refuse what is no address of a file, and the server's own doors.

    :raise DownloadError: when it may not be fetched
    """
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES or not parts.hostname:
        raise DownloadError("address")
    if is_local_allowed:
        return
    try:
        found = socket.getaddrinfo(parts.hostname, None)
    except OSError as error:
        raise DownloadError("connection", str(error)) from error
    for *_details, address in found:
        ip = ipaddress.ip_address(address[0].partition("%")[0])
        if ip.is_loopback or ip.is_link_local or ip.is_unspecified or ip.is_multicast:
            raise DownloadError("local")


def download(url, path, login="", password="", **options):
    """Fetch a file.

    :param str url: http, https or ftp
    :param Path path: where it is written; what is there is replaced
    :param str login: empty when none is needed
    :param dict options: ``known`` (marks of the last answer), ``limit`` (bytes),
        ``is_local_allowed``, ``seconds``
    :return: dict ``name``, ``marks`` (to be given as ``known`` the next time)
    :raise DownloadError, NotChanged:
    """
    deadline = time.monotonic() + options.get("seconds", TOTAL_SECONDS)
    writer = _Writer(path, options.get("limit", 1 << 31), deadline)
    is_local_allowed = options.get("is_local_allowed", False)
    check_address(url, is_local_allowed)
    if urlsplit(url).scheme == "ftp":
        return _download_ftp(url, writer, login, password)
    known = options.get("known") or {}
    try:
        answer = _open_http(url, (login, password), known, is_local_allowed)
        with answer:
            return _read_http(answer, writer)
    except requests.Timeout as error:
        raise DownloadError("too_slow") from error
    except requests.RequestException as error:
        raise DownloadError("connection", _shorten(error)) from error


class _Writer:
    """Writes pieces and looks at limits."""

    def __init__(self, path, limit, deadline):
        self.path = path
        self.limit = limit
        self.deadline = deadline
        self.count = 0

    def put(self, stream, piece):
        self.count += len(piece)
        if self.count > self.limit:
            raise DownloadError("too_big")
        if time.monotonic() > self.deadline:
            raise DownloadError("too_slow")
        stream.write(piece)


def _open_http(url, credentials, known, is_local_allowed):
    """The answer of the server that has the file; every redirect is looked at."""
    headers = {"User-Agent": "Mozilla/5.0 (compatible; price list)"}
    if known.get("etag"):
        headers["If-None-Match"] = known["etag"]
    if known.get("modified"):
        headers["If-Modified-Since"] = known["modified"]
    host = urlsplit(url).netloc
    for _hop in range(MAX_REDIRECTS):
        # A password is for the address that it was given for.
        is_same = urlsplit(url).netloc == host
        answer = requests.get(
            url,
            auth=credentials if credentials[0] and is_same else None,
            headers=headers,
            stream=True,
            allow_redirects=False,
            timeout=(CONNECT_SECONDS, SILENT_SECONDS),
        )
        if not answer.is_redirect:
            return answer
        url = urljoin(url, answer.headers["Location"])
        answer.close()
        check_address(url, is_local_allowed)
    raise DownloadError("status", "redirects")


def _read_http(answer, writer):
    if answer.status_code == 304:
        raise NotChanged
    if answer.status_code in (401, 403):
        raise DownloadError("login", str(answer.status_code))
    if answer.status_code != 200:
        raise DownloadError("status", str(answer.status_code))
    with writer.path.open("wb") as stream:
        for piece in answer.iter_content(PIECE):
            writer.put(stream, piece)
    length = answer.headers.get("Content-Length")
    is_packed = answer.headers.get("Content-Encoding")
    if length and not is_packed and int(length) != writer.count:
        raise DownloadError("cut")
    return {
        "name": _get_name(answer),
        "marks": {
            "etag": answer.headers.get("ETag"),
            "modified": answer.headers.get("Last-Modified"),
        },
    }


def _get_name(answer):
    """Name of the file as the server gives it, else the end of the address."""
    found = re.search(
        r"filename\*?=(?:utf-8'')?\"?([^\";]+)",
        answer.headers.get("Content-Disposition", ""),
        re.IGNORECASE,
    )
    name = found[1] if found else urlsplit(answer.url).path
    return unquote(name).rpartition("/")[2][:100]


def _download_ftp(url, writer, login, password):
    parts = urlsplit(url)
    path = unquote(parts.path)
    try:
        with ftplib.FTP(timeout=SILENT_SECONDS) as ftp:
            ftp.connect(parts.hostname, parts.port or 21, timeout=CONNECT_SECONDS)
            ftp.login(login or "anonymous", password or "anonymous@")
            with writer.path.open("wb") as stream:
                ftp.retrbinary(
                    f"RETR {path}",
                    lambda piece: writer.put(stream, piece),
                    blocksize=PIECE,
                )
    except ftplib.error_perm as error:
        code = "login" if str(error).startswith("530") else "status"
        raise DownloadError(code, _shorten(error)) from error
    except (OSError, EOFError, ftplib.Error) as error:
        raise DownloadError("connection", _shorten(error)) from error
    return {"name": path.rpartition("/")[2][:100], "marks": {}}


def _shorten(error):
    return str(error)[:200]
