"""Keeps locale/ up to date: `python -m dev.messages` collects the words, keeps their translations and compiles them.

Written out because the gettext programs that Django's own commands call are absent on a bare machine; the .po files are
the same that translators' tools read.
"""

import argparse
import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polib
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = (
    "accounts",
    "api",
    "config",
    "core",
    "events",
    "inbox",
    "lightning",
    "outbox",
    "registrations",
    "speakers",
    "web",
)
LANGUAGES = {"zh_Hans": ("zh-Hans", "nplurals=1; plural=0;")}
SINGULAR = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
IN_CONTEXT = {"pgettext", "pgettext_lazy"}
STRING = r"""(?:u|U)?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
TEMPLATE_CALL = re.compile(rf"\b(gettext|_|ngettext|pgettext|npgettext)\(\s*((?:{STRING}\s*,?\s*)+)", re.DOTALL)


class Message(NamedTuple):
    """One text of the sources; `plural` and `context` are empty for most."""

    text: str
    plural: str = ""
    context: str = ""


def catalogue(language: str) -> Path:
    """The .po file of a language."""
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def collect() -> dict[Message, set[str]]:
    """Every translatable text, with the files it stands in."""
    found: dict[Message, set[str]] = {}
    for path in sorted(_sources()):
        read = _in_template if path.suffix in {".html", ".txt"} else _in_python
        for message in read(path.read_text(encoding="utf-8"), str(path)):
            found.setdefault(message, set()).add(path.relative_to(ROOT).as_posix())
    return found


def _sources() -> Iterator[Path]:
    for package in PACKAGES:
        yield from (path for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts)
    yield from (path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".txt"})


def _in_python(source: str, _name: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        texts = [part.value for part in node.args if isinstance(part, ast.Constant) and isinstance(part.value, str)]
        yield from _message(name, texts)


def _in_template(source: str, name: str) -> Iterator[Message]:
    for call in TEMPLATE_CALL.finditer(templatize(source, origin=name)):
        yield from _message(call[1], [ast.literal_eval(text) for text in re.findall(STRING, call[2])])


def _message(function: str, texts: list[str]) -> Iterator[Message]:
    if function in SINGULAR and texts:
        yield Message(texts[0])
    elif function in PLURAL and len(texts) > 1:
        yield Message(texts[0], plural=texts[1])
    elif function in IN_CONTEXT and len(texts) > 1:
        yield Message(texts[1], context=texts[0])
    elif function == "npgettext" and len(texts) > 2:
        yield Message(texts[1], plural=texts[2], context=texts[0])


def updated(language: str) -> polib.POFile:
    """The language's catalogue with today's texts: translations kept, new texts empty, vanished ones left out."""
    code, plural_forms = LANGUAGES[language]
    path = catalogue(language)
    before = {(one.msgid, one.msgctxt or ""): one for one in polib.pofile(str(path))} if path.exists() else {}
    fresh = polib.POFile(wrapwidth=118)
    fresh.metadata = {
        "Project-Id-Version": "Lectern",
        "Language": code,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": plural_forms,
    }
    for message, places in sorted(collect().items(), key=lambda pair: (sorted(pair[1]), pair[0])):
        fresh.append(_entry(message, places, before.get((message.text, message.context))))
    return fresh


def _entry(message: Message, places: set[str], before: polib.POEntry | None) -> polib.POEntry:
    entry = polib.POEntry(
        msgid=message.text,
        msgid_plural=message.plural,
        msgctxt=message.context or None,
        occurrences=[(place, "") for place in sorted(places)],
    )
    if re.search(r"%\(\w+\)[sd]", message.text + message.plural):
        entry.flags = ["python-format"]
    if message.plural:
        entry.msgstr_plural = dict(before.msgstr_plural) if before and before.msgstr_plural else {0: ""}
    elif before:
        entry.msgstr = before.msgstr
    return entry


def main(arguments: list[str] | None = None) -> int:
    """Write the catalogues; with --check write nothing and fail where one is stale."""
    parser = argparse.ArgumentParser(description="Collect and compile the translations.")
    parser.add_argument("--check", action="store_true", help="only say whether they are up to date")
    only_check = parser.parse_args(arguments).check
    stale = []
    for language in LANGUAGES:
        path, fresh = catalogue(language), updated(language)
        if only_check:
            stale += [path] if not path.exists() or path.read_text(encoding="utf-8") != f"{fresh}\n" else []
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{fresh}\n", encoding="utf-8")
        path.with_suffix(".mo").write_bytes(fresh.to_binary())
        print(f"{path.relative_to(ROOT)}: {len(fresh)} texts, {len(fresh.untranslated_entries())} untranslated")
    for path in stale:
        print(f"{path.relative_to(ROOT)} is stale: run python -m dev.messages", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
