"""The commands under bin/, as a person types them."""

import re
import socket
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def call(*words):
    return subprocess.run(
        words, cwd=ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )


@pytest.mark.parametrize("name", ["setup", "run", "test", "lint"])
def test_help(name):
    done = call(f"bin/{name}", "--help")
    assert done.returncode == 0
    assert f"Usage: bin/{name}" in done.stdout


@pytest.mark.parametrize("name", ["setup", "run", "lint", "db"])
def test_unknown_option_shows_the_usage(name):
    done = call(f"bin/{name}", "--no-such-option")
    assert done.returncode == 2
    assert f"Usage: bin/{name}" in done.stderr


def test_port_in_use_is_said_in_one_sentence():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        done = call("bin/run", "--port", str(port))
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"error: port {port} is in use; choose another one, "
        f"for example: bin/run --port {port + 1}"
    ]


@pytest.mark.parametrize("port", ["http", "0", "70000"])
def test_port_that_is_none(port):
    done = call("bin/run", "--port", port)
    assert done.returncode == 1
    assert "not a port number" in done.stderr


@pytest.mark.parametrize("name", ["postgres", "tpl_deps", "template1"])
def test_templates_are_not_to_be_dropped(name):
    done = call("bin/db", "drop", name)
    assert done.returncode == 1
    assert "not yours" in done.stderr


def test_continuous_integration_runs_lint_and_then_all_tests():
    script = (ROOT / ".ci/run").read_text()
    assert re.search(r"^bin/lint$\n^bin/test$", script, re.M)


def test_nothing_of_the_cache_is_tracked():
    tracked = call("git", "ls-files").stdout.splitlines()
    assert tracked
    assert not [name for name in tracked if name.startswith((".cache", "node_modules"))]
