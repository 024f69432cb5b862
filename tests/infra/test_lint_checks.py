"""Our own checks find what they are for, and nothing else."""

import lint_checks
import pytest

POT = """\
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

#: x
msgid "Vehicle"
msgstr ""

#: x
msgid "%(count)s jobs"
msgstr ""
"""


@pytest.fixture
def addon(tmp_path):
    folder = tmp_path / "some_addon"
    (folder / "tests").mkdir(parents=True)
    (folder / "i18n").mkdir()
    return folder


def test_test_file_that_nothing_imports(addon):
    (addon / "tests/test_one.py").touch()
    (addon / "tests/test_two.py").touch()
    (addon / "tests/__init__.py").write_text("from . import test_one\n")
    found = list(lint_checks.check_tests_imported(addon))
    assert len(found) == 1
    assert "test_two.py" in found[0]


def test_addon_without_tests_package(addon):
    (addon / "tests/test_one.py").touch()
    assert len(list(lint_checks.check_tests_imported(addon))) == 1


def test_manifest_names_a_file_that_is_not_there(addon):
    (addon / "here.xml").touch()
    manifest = {"data": ["here.xml", "gone.xml"]}
    found = list(lint_checks.check_manifest_files(addon, manifest))
    assert len(found) == 1
    assert "gone.xml" in found[0]


def translate(addon, **languages):
    (addon / "i18n/some_addon.pot").write_text(POT)
    for language, (vehicle, jobs) in languages.items():
        text = POT.replace('"Vehicle"\nmsgstr ""', f'"Vehicle"\nmsgstr "{vehicle}"')
        text = text.replace('jobs"\nmsgstr ""', f'jobs"\nmsgstr "{jobs}"')
        (addon / f"i18n/{language}.po").write_text(text)
    return list(lint_checks.check_translations(addon))


def test_complete_translations(addon):
    good = ("Auto", "%(count)s raboty")
    assert translate(addon, ru=good, et=good, hu=good, kk=good) == []


def test_empty_translation_wrong_placeholder_and_missing_language(addon):
    good = ("Auto", "%(count)s raboty")
    found = translate(addon, ru=("", "%(count)s raboty"), et=("Auto", "%(n)s"), hu=good)
    assert len(found) == 3
    assert "1 terms without translation: 'Vehicle'" in found[0]
    assert "other placeholders" in found[1]
    assert "kk.po: missing" in found[2]


def test_addon_without_template(addon):
    assert "some_addon.pot: missing" in next(lint_checks.check_translations(addon))


def test_hosts_of_registries_and_paths_of_a_machine(tmp_path):
    (tmp_path / "a.md").write_text("fine\nfrom https://py" + "pi.org/simple\n")
    (tmp_path / "b.txt").write_text("in /ho" + "me/someone/x\n")
    (tmp_path / "c.png").write_text("/ho" + "me/someone/x\n")
    found = list(lint_checks.check_hosts(tmp_path, ["a.md", "b.txt", "c.png"]))
    assert [line.split(":")[:2] for line in found] == [["a.md", "2"], ["b.txt", "1"]]
