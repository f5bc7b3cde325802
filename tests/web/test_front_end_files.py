"""Promises of templates, styles, scripts and translations that no single page could show."""

import re
from pathlib import Path

import polib
import pytest
from django.contrib.staticfiles import finders

from dev import messages

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = sorted((ROOT / "static" / "js").rglob("*.js"))
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*.html") if path.parent.name != "email")
OF_PAGES = ("web/", "templates/")
NOT_OF_PAGES = ("templates/email/", "templates/admin/")


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_every_import_line_ends_with_a_semicolon(path: Path) -> None:
    """The storage that hashes file names rewrites only such lines."""
    for line in path.read_text().splitlines():
        if re.match(r"\s*(import|export .* from)\b", line):
            assert re.fullmatch(r'import .* from "\./[\w/.-]+\.js";|import "\./[\w/.-]+\.js";', line), line


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_every_import_leads_to_a_file(path: Path) -> None:
    for name in re.findall(r'from "(\./[^"]+)";', path.read_text()):
        assert (path.parent / name).exists(), name


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_write_text_and_never_markup(path: Path) -> None:
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function", path.read_text()
    )


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_templates_hold_no_inline_style_or_handler(path: Path) -> None:
    assert re.findall(r"""\s(?:style|on[a-z]+)=['"]""", path.read_text()) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_static_file_a_template_names_exists(path: Path) -> None:
    for name in re.findall(r"{% static '([^']+)' %}", path.read_text()):
        assert finders.find(name), name


def test_every_icon_a_template_names_is_in_the_sprite() -> None:
    sprite = (ROOT / "static" / "img" / "icons.svg").read_text()
    symbols = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    named = {f"i-{name}" for path in TEMPLATES for name in re.findall(r'{% icon "(\w+)"', path.read_text())}
    assert named - symbols == set()


def test_light_and_dark_define_the_same_values_twice() -> None:
    css = (ROOT / "static" / "css" / "tokens.css").read_text()
    system, chosen = re.findall(r"color-scheme: dark;(.*?)}", css, flags=re.DOTALL)
    assert system.split() == chosen.split()


@pytest.mark.parametrize("language", sorted(messages.LANGUAGES))
def test_the_compiled_catalogue_is_that_of_the_source(language: str) -> None:
    path = messages.catalogue(language)
    assert polib.pofile(str(path)).to_binary() == path.with_suffix(".mo").read_bytes()


@pytest.mark.parametrize("language", sorted(messages.LANGUAGES))
def test_every_text_of_the_pages_is_translated(language: str) -> None:
    """A new text needs `python -m dev.messages` and a translator; the admin may wait for one."""
    catalogue = polib.pofile(str(messages.catalogue(language)))
    translated = {(entry.msgid, entry.msgctxt or "") for entry in catalogue.translated_entries()}
    texts = {
        (message.text, message.context)
        for message, places in messages.collect().items()
        if any(place.startswith(OF_PAGES) and not place.startswith(NOT_OF_PAGES) for place in places)
    }
    assert sorted(texts - translated) == []


@pytest.mark.parametrize("language", sorted(messages.LANGUAGES))
def test_translations_keep_the_placeholders(language: str) -> None:
    for entry in polib.pofile(str(messages.catalogue(language))).translated_entries():
        for text in [entry.msgstr, *entry.msgstr_plural.values()]:
            if text:
                wanted = set(re.findall(r"%\(\w+\)[sd]|{\w+}", entry.msgid_plural or entry.msgid))
                assert set(re.findall(r"%\(\w+\)[sd]|{\w+}", text)) == wanted, entry.msgid
