"""The mirror is the one that the machine's own apt configuration names."""

import apt_mirror
import pytest

SOURCES = """\
# a comment
Types: deb
# http://old.example.org/archive
URIs: http://mirror.example.org/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/some.gpg

Types: deb
URIs: http://mirror.example.org/debian-security
Suites: bookworm-security
Components: main
"""
LISTS = """\
# deb http://commented.example.org/debian bookworm main
deb-src http://source.example.org/debian bookworm main
deb [arch=amd64 signed-by=/etc/apt/own.asc] https://list.example.org/debian trixie main
"""


@pytest.fixture
def etc(tmp_path):
    (tmp_path / "sources.list.d").mkdir()
    return tmp_path


def test_deb822_file(etc):
    (etc / "sources.list.d/debian.sources").write_text(SOURCES)
    expected = ("http://mirror.example.org/debian", "/usr/share/keyrings/some.gpg")
    assert apt_mirror.debian_mirror(etc) == expected


def test_one_line_file(etc):
    (etc / "sources.list").write_text(LISTS)
    expected = ("https://list.example.org/debian", "/etc/apt/own.asc")
    assert apt_mirror.debian_mirror(etc) == expected


def test_security_archive_and_other_vendors_are_passed_over(etc):
    text = SOURCES.split("\n\n")[1]
    text += "\nTypes: deb\nURIs: https://other.example.org/apt\nSuites: stable-tools\n"
    (etc / "sources.list.d/a.sources").write_text(text + "Components: main\n")
    assert apt_mirror.debian_mirror(etc) is None


def test_disabled_source_and_foreign_suffix_do_not_count(etc):
    disabled = SOURCES.replace("Types: deb\n#", "Enabled: no\nTypes: deb\n#")
    (etc / "sources.list.d/debian.sources").write_text(disabled)
    (etc / "sources.list.d/debian.sources.bak").write_text(SOURCES)
    assert apt_mirror.debian_mirror(etc) is None


def test_default_keyring_when_the_source_names_none(etc):
    line = "deb http://plain.example.org/debian bookworm main\n"
    (etc / "sources.list").write_text(line)
    assert apt_mirror.debian_mirror(etc)[1] == apt_mirror.KEYRING
