"""HTTP with suppliers ends in time, stays small and tells no secrets."""

import importlib.util
import logging
import sys
import time
from pathlib import Path

import pytest

from auto_service_parts.tools.supplier_client import SupplierError
from auto_service_parts.tools.supplier_http import SupplierHttp

# By its path: importing the package of tests would import Odoo.
PATH = Path(__file__).resolve().parents[2] / "auto_service_parts/tests"
spec = importlib.util.spec_from_file_location(
    "supplier_server", PATH / "supplier_server.py"
)
supplier_server = importlib.util.module_from_spec(spec)
sys.modules["supplier_server"] = supplier_server
spec.loader.exec_module(supplier_server)
Reply, SupplierServer = supplier_server.Reply, supplier_server.SupplierServer


@pytest.fixture
def server():
    with SupplierServer() as one:
        yield one


def make_http(server, **options):
    options = {"url": server.url, "timeout": 0.6, **options}
    return SupplierHttp(options, secrets=["s3cret"])


def get_error(server, reply, **options):
    server.replies["x"] = reply
    started = time.monotonic()
    with pytest.raises(SupplierError) as caught:
        make_http(server, **options).request("GET", "x", params={"psw": "s3cret"})
    return caught.value, time.monotonic() - started


def test_an_answer_is_read_whatever_its_status_is(server):
    server.replies["x"] = Reply({"errorCode": 2}, status=400)
    answer = make_http(server).request("GET", "x")
    assert (answer.status, answer.json()) == (400, {"errorCode": 2})


def test_a_long_answer_comes_whole_when_the_server_closes(server):
    text = "y" * 3_000_000
    server.replies["x"] = Reply(text, headers={"Connection": "close"})
    assert make_http(server, timeout=5).request("GET", "x").body.decode() == text


@pytest.mark.parametrize("mood", ["hang", "drip", "drip_head"])
def test_nobody_waits_longer_than_the_limit(server, mood):
    error, seconds = get_error(server, Reply("{}", mood=mood))
    assert error.code == "timeout"
    assert error.is_doubtful
    assert 0.5 < seconds < 1.5


def test_the_deadline_of_the_call_cuts_the_limit_of_the_request(server):
    deadline = time.monotonic() + 0.3
    error, seconds = get_error(
        server, Reply(mood="hang"), timeout=30, deadline=deadline
    )
    assert error.code == "timeout"
    assert seconds < 1.0


def test_after_the_deadline_nothing_is_sent(server):
    error, _seconds = get_error(server, Reply("{}"), deadline=time.monotonic() - 1)
    assert (error.code, error.was_sent) == ("timeout", False)
    assert not server.questions


def test_an_answer_without_end_is_cut(server):
    error, seconds = get_error(
        server, Reply(mood="huge"), timeout=10, max_bytes=1_000_000
    )
    assert error.code == "answer"
    assert seconds < 5


def test_a_broken_connection_leaves_doubt(server):
    error, _seconds = get_error(server, Reply(mood="reset"))
    assert error.code == "connection"
    assert error.is_doubtful


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1", "http://no-such-host.invalid", "https://127.0.0.1:1"]
)
def test_without_a_connection_nothing_was_sent(url):
    with pytest.raises(SupplierError) as caught:
        SupplierHttp({"url": url, "timeout": 3}).request("POST", "order")
    assert caught.value.code == "connection"
    assert not caught.value.was_sent
    assert not caught.value.is_doubtful


@pytest.mark.parametrize("url", ["", None, "ftp://x", "shop.example", "file:///etc/x"])
def test_only_web_addresses_are_asked(url):
    with pytest.raises(SupplierError) as caught:
        SupplierHttp({"url": url})
    assert caught.value.code == "connection"
    assert not caught.value.is_doubtful


def test_a_redirection_at_the_supplier_is_followed(server):
    server.replies["x"] = Reply(status=302, headers={"Location": "/y?psw=s3cret"})
    server.replies["y"] = Reply({"ok": 1})
    assert make_http(server).request("GET", "x").json() == {"ok": 1}


def test_a_redirection_to_others_is_not_followed(server):
    with SupplierServer({"x": Reply({"ok": 1})}) as other:
        address = other.url.replace("127.0.0.1", "localhost")
        error, _seconds = get_error(
            server, Reply(status=302, headers={"Location": f"{address}/x?psw=s3cret"})
        )
        assert error.code == "answer"
        assert not other.questions


def test_an_order_does_not_follow_redirections(server):
    server.replies["x"] = Reply(status=307, headers={"Location": "/y"})
    with pytest.raises(SupplierError):
        make_http(server).request("POST", "x", data={"a": 1})
    assert [question.path for question in server.questions] == ["x"]


def test_a_circle_of_redirections_ends(server):
    error, _seconds = get_error(server, Reply(status=302, headers={"Location": "/x"}))
    assert error.code == "answer"


def test_a_page_for_people_is_no_answer(server):
    server.replies["x"] = Reply("<html>hello</html>")
    answer = make_http(server).request("GET", "x")
    with pytest.raises(SupplierError) as caught:
        answer.json()
    assert caught.value.code == "answer"
    assert "hello" not in str(caught.value)


@pytest.mark.parametrize(
    "reply", [Reply({}), Reply(mood="hang"), Reply(mood="reset"), Reply(status=500)]
)
def test_no_secret_gets_into_logs_or_errors(server, reply, caplog):
    caplog.set_level(logging.DEBUG)
    server.replies["x"] = reply
    text = ""
    try:
        make_http(server).request("GET", "x", params={"userpsw": "s3cret"})
    except SupplierError as error:
        text = repr(error) + repr(error.__cause__)
    assert "s3cret" not in text
    assert caplog.records, "the log of the library is on"
    messages = [record.getMessage() for record in caplog.records]
    assert not [message for message in messages if "s3cret" in message]


def test_passwords_of_the_machine_stay_here(server, monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login root password machine\n")
    monkeypatch.setenv("NETRC", str(netrc))
    server.replies["x"] = Reply({})
    make_http(server).request("GET", "x")
    assert "Authorization" not in server.questions[0].headers


def test_the_supplier_may_say_how_long_to_wait(server):
    server.replies["x"] = Reply(status=429, headers={"Retry-After": "17"})
    assert make_http(server).request("GET", "x").retry_after == 17
    server.replies["x"] = Reply(
        status=429, headers={"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}
    )
    assert make_http(server).request("GET", "x").retry_after is None
