"""Checks that no linter makes.

- every ``tests/test_*.py`` of an addon is imported by ``tests/__init__.py``
- every file that a manifest names exists
- every addon is translated into all four languages, no term left out
- no tracked file names a path of one machine or the host of a package registry
"""

import ast
import re
import subprocess
import sys
from pathlib import Path

import polib

sys.path.insert(0, str(Path(__file__).parent))
import manifests  # noqa: E402

LANGUAGES = ("ru", "et", "hu", "kk")
PLACEHOLDER = re.compile(r"%\(\w+\)[sdf]|%[sd]|\{\w*\}")
# Written in pieces, so that this file does not find itself.
HOSTS = re.compile(
    "|".join(
        [r"py" + r"pi\.org", "pythonhos" + "ted", r"registry\.npm" + "js"]
        + [r"(deb|security)\.debian" + r"\.org", "/work/" + "main", "/home/" + r"\w+/"]
    )
)
TEXT = {".py", ".xml", ".js", ".cjs", ".md", ".sh", ".yml", ".yaml", ".toml", ".cfg"}
TEXT |= {".csv", ".conf", ".txt", ".json", ".scss", ""}


def imported_names(init):
    """Names that a package's ``__init__.py`` imports with ``from . import``."""
    names = set()
    for node in ast.walk(ast.parse(init.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            names.update(alias.name for alias in node.names)
            names.add((node.module or "").split(".")[0])
    return names


def check_tests_imported(addon):
    """A test file that nothing imports never runs, and nobody notices."""
    tests = addon / "tests"
    files = sorted(tests.glob("test_*.py"))
    init = tests / "__init__.py"
    if not files:
        return
    names = imported_names(init) if init.exists() else set()
    for path in files:
        if path.stem not in names:
            yield f"{path}: not imported by {init}, so it never runs"


def check_manifest_files(addon, manifest):
    """Files named in the manifest exist."""
    for key in ("data", "demo"):
        for name in manifest.get(key, []):
            if not (addon / name).is_file():
                yield f"{addon}/__manifest__.py: {key} names {name}, which is not there"


def check_translations(addon):
    """All terms of the template are translated, in all languages."""
    folder = addon / "i18n"
    template = folder / f"{addon.name}.pot"
    if not template.exists():
        yield f"{template}: missing"
        return
    terms = [entry for entry in polib.pofile(str(template)) if not entry.obsolete]
    for language in LANGUAGES:
        path = folder / f"{language}.po"
        if not path.exists():
            yield f"{path}: missing"
            continue
        yield from check_catalogue(path, terms)


def check_catalogue(path, terms):
    """One language: a translation for each term, with the same placeholders."""
    done = {
        (entry.msgctxt, entry.msgid): entry
        for entry in polib.pofile(str(path))
        if not entry.obsolete
    }
    missing = []
    for term in terms:
        entry = done.get((term.msgctxt, term.msgid))
        if entry is None or not entry.msgstr or entry.fuzzy:
            missing.append(term.msgid)
        elif sorted(PLACEHOLDER.findall(entry.msgstr)) != sorted(
            PLACEHOLDER.findall(term.msgid)
        ):
            yield f"{path}: other placeholders in the translation of {term.msgid!r}"
    if missing:
        examples = ", ".join(repr(text[:40]) for text in missing[:3])
        yield f"{path}: {len(missing)} terms without translation: {examples}"


def check_hosts(root, files):
    """Nothing in the repository names one machine or a registry."""
    for name in files:
        path = root / name
        if path.suffix not in TEXT or not path.is_file():
            continue
        for number, line in enumerate(
            path.read_text(encoding="utf-8", errors="replace").splitlines(), 1
        ):
            if HOSTS.search(line):
                yield f"{name}:{number}: a path of one machine, or a registry's host"


def tracked_files(root):
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    output = subprocess.run(
        command, cwd=root, capture_output=True, text=True, check=True
    )
    return output.stdout.splitlines()


def all_findings(root):
    shipped = set(manifests.read(root, tests=False))
    for name, manifest in manifests.read(root).items():
        addon = manifest["path"].relative_to(root)
        yield from check_tests_imported(addon)
        yield from check_manifest_files(addon, manifest)
        if name in shipped:
            yield from check_translations(addon)
    yield from check_hosts(root, tracked_files(root))


def main():
    findings = list(all_findings(Path(".")))
    print(*findings, sep="\n", end="\n" if findings else "")
    return bool(findings)


if __name__ == "__main__":
    sys.exit(main())
