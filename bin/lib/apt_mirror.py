"""Which Debian mirror this machine's own apt configuration names.

Prints two words: the URI, and the keyring that signs it. Both file formats are
read: one-line ``.list`` and deb822 ``.sources``.
"""

import re
import sys
from pathlib import Path

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
SUITES = re.compile(
    r"^(bookworm|trixie|forky|sid|stable|testing|unstable)(-updates|-backports)?$"
)


def from_list(text):
    """Entries of a one-line file, as (uri, suites, components, options)."""
    for line in text.splitlines():
        match = re.match(r"^\s*deb\s+(?:\[([^]]*)\]\s+)?(\S+)\s+(\S+)\s*(.*)$", line)
        if match:
            options, uri, suite, components = match.groups()
            components = components.split("#")[0].split()
            signed = re.search(r"signed-by=(\S+)", options or "", re.I)
            yield uri, [suite], components, signed and signed[1]


def from_sources(text):
    """Entries of a deb822 file, as (uri, suites, components, keyring)."""
    for stanza in re.split(r"\n\s*\n", text):
        fields, key = {}, None
        for line in stanza.splitlines():
            if line.startswith("#"):
                continue
            if line[:1].isspace() and key:
                fields[key] += " " + line.strip()
            elif ":" in line:
                key, value = line.split(":", 1)
                key = key.strip().lower()
                fields[key] = value.strip()
        enabled = fields.get("enabled", "yes").lower() not in ("no", "false", "0")
        if "deb" in fields.get("types", "").split() and enabled:
            for uri in fields.get("uris", "").split():
                yield (
                    uri,
                    fields.get("suites", "").split(),
                    fields.get("components", "").split(),
                    fields.get("signed-by"),
                )


def entries(etc):
    """All entries of the apt configuration below ``etc``."""
    files = [etc / "sources.list", *sorted((etc / "sources.list.d").glob("*"))]
    for path in files:
        if path.is_file() and path.suffix == ".list":
            yield from from_list(path.read_text(encoding="utf-8"))
        elif path.is_file() and path.suffix == ".sources":
            yield from from_sources(path.read_text(encoding="utf-8"))


def debian_mirror(etc=Path("/etc/apt")):
    """The first mirror that carries Debian's main archive.

    :return: (uri, keyring), or None on a machine without one
    """
    for uri, suites, components, keyring in entries(etc):
        if "main" in components and any(SUITES.match(s) for s in suites):
            if not keyring or not keyring.startswith("/"):
                keyring = KEYRING
            return uri, keyring
    return None


if __name__ == "__main__":
    mirror = debian_mirror(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("/etc/apt"))
    if not mirror:
        sys.exit("no Debian mirror in the apt configuration of this machine")
    print(*mirror)
