"""Keep the .po files of our addons complete: merge, list and fill in terms."""

import json
import os
import sys
from pathlib import Path

import polib

ROOT = Path(os.environ["AUTO_SERVICE_ROOT"])
LANGUAGES = {
    "ru": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && "
    "(n%100<10 || n%100>=20) ? 1 : 2);",
    "et": "nplurals=2; plural=(n != 1);",
    "hu": "nplurals=2; plural=(n != 1);",
    "kk": "nplurals=2; plural=(n != 1);",
}
# Dates would make every export a change of every file.
VOLATILE = ("POT-Creation-Date", "PO-Revision-Date", "Last-Translator", "Report-Msgid")


def addons():
    """Addons of the checkout that have terms, by name."""
    return sorted(path.parent for path in ROOT.glob("*/__manifest__.py"))


def template(addon):
    """Terms of ``addon``, ``None`` when it has none."""
    path = addon / "i18n" / f"{addon.name}.pot"
    return polib.pofile(str(path), wrapwidth=78) if path.exists() else None


def language_file(addon, language):
    path = addon / "i18n" / f"{language}.po"
    if path.exists():
        return polib.pofile(str(path), wrapwidth=78)
    catalog = polib.POFile(wrapwidth=78)
    catalog.metadata = {
        "Project-Id-Version": "Odoo Server 19.0",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": LANGUAGES[language],
    }
    catalog.fpath = str(path)
    return catalog


def shape(term):
    """A term without its white space: a view that is only indented anew stays known."""
    return " ".join(term.split())


def merge():
    """Bring every .po file up to its template; terms that are gone are dropped."""
    for addon in addons():
        terms = template(addon)
        if terms is None:
            continue
        for name in VOLATILE:
            terms.metadata.pop(name, None)
        terms.save()
        for language in LANGUAGES:
            catalog = language_file(addon, language)
            known = {shape(entry.msgid): entry.msgstr for entry in catalog}
            catalog.merge(terms)
            for entry in catalog.obsolete_entries():
                catalog.remove(entry)
            for entry in catalog:  # a fuzzy guess is no translation
                if entry.fuzzy:
                    entry.msgstr = ""
                    entry.flags.remove("fuzzy")
                entry.previous_msgid = None
                entry.msgstr = entry.msgstr or known.get(shape(entry.msgid), "")
            catalog.save(catalog.fpath)
        print(f"{addon.name}: {len(terms)} terms")


def missing(language, names=()):
    """Terms without a translation, in the order of the templates."""
    todo = {}
    for addon in addons():
        if names and addon.name not in names or template(addon) is None:
            continue
        for entry in language_file(addon, language).untranslated_entries():
            todo[entry.msgid] = ""
    return todo


def apply(language, path):
    """Fill in translations; says which terms are still missing."""
    words = json.loads(Path(path).read_text(encoding="utf-8"))
    filled = 0
    for addon in addons():
        if template(addon) is None:
            continue
        catalog = language_file(addon, language)
        for entry in catalog.untranslated_entries():
            if words.get(entry.msgid):
                entry.msgstr = words[entry.msgid]
                filled += 1
        catalog.save(catalog.fpath)
    print(f"{language}: {filled} filled in, {len(missing(language))} missing")


def main(arguments):
    command, *rest = arguments
    if command == "merge":
        merge()
    elif command == "todo":
        language, *names = rest
        todo = missing(language, names)
        json.dump(todo, sys.stdout, ensure_ascii=False, indent=1)
        print()
    else:
        apply(*rest)


if __name__ == "__main__":
    main(sys.argv[1:])
