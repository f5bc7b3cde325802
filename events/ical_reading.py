"""Reads what others wrote as iCalendar (RFC 5545 section 3.1), line by line, without believing any of it.

No value is understood that nobody asks for, so neither a broken property nor a rule of a billion dates can do harm.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from inbox.mime import Unreadable

MOST_LINES = 4_000
_DEEPEST = 6
_FOLD = re.compile(r"\n[ \t]")
_LINE = re.compile(r'([A-Za-z0-9-]+)((?:;[^":]*(?:"[^"]*"[^":]*)*)?):(.*)', re.DOTALL)
_PARAMETER = re.compile(r';\s*([A-Za-z0-9-]+)\s*=\s*("[^"]*"|[^";]*)')
_ESCAPED = re.compile(r"\\([\\;,nN])")
_NUMBER = re.compile(r"\d{1,9}")


@dataclass(frozen=True)
class Property:
    """One line: its parameters by upper-case name, its value as it was written."""

    name: str
    parameters: dict[str, str]
    raw: str

    @property
    def text(self) -> str:
        """As a TEXT value (RFC 5545 section 3.3.11)."""
        return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], self.raw).strip()

    @property
    def address(self) -> str:
        """The e-mail address of a CAL-ADDRESS, in lower case."""
        return self.raw.strip().lower().removeprefix("mailto:")


@dataclass
class Component:
    """What stands between BEGIN and END."""

    name: str
    properties: list[Property] = field(default_factory=list)
    parts: list[Component] = field(default_factory=list)

    def all(self, name: str) -> list[Property]:
        """The properties of that name, in order."""
        return [one for one in self.properties if one.name == name]

    def first(self, name: str) -> Property | None:
        """The first of them."""
        return next(iter(self.all(name)), None)

    def text(self, name: str) -> str:
        """The text of the first, or nothing."""
        found = self.first(name)
        return found.text if found else ""

    def number(self, name: str) -> int:
        """A whole number, not negative; what is none is 0."""
        written = self.text(name)
        return int(written) if _NUMBER.fullmatch(written) else 0

    def components(self, name: str) -> list[Component]:
        """Its parts of that name, in order."""
        return [part for part in self.parts if part.name == name]


def calendar_in(text: str) -> Component | Unreadable:
    """The only VCALENDAR of the text; lines that are none are passed over."""
    if text.count("\n") > MOST_LINES:
        return Unreadable("the calendar part has too many lines")
    root = _tree(text)
    if isinstance(root, Unreadable):
        return root
    calendars = root.components("VCALENDAR")
    if len(calendars) != 1:
        return Unreadable("the calendar part holds no VCALENDAR" if not calendars else "it holds several VCALENDARs")
    return calendars[0]


def _tree(text: str) -> Component | Unreadable:
    open_ones = [Component("")]
    for line in _properties(text):
        if line.name == "BEGIN":
            if len(open_ones) > _DEEPEST:
                return Unreadable("the calendar part is nested too deeply")
            begun = Component(line.raw.strip().upper())
            open_ones[-1].parts.append(begun)
            open_ones.append(begun)
        elif line.name == "END":
            if line.raw.strip().upper() != open_ones[-1].name:
                return Unreadable("the calendar part is broken: its BEGIN and END lines do not match")
            open_ones.pop()
        else:
            open_ones[-1].properties.append(line)
    return open_ones[0] if len(open_ones) == 1 else Unreadable("the calendar part is cut off")


def _properties(text: str) -> Iterator[Property]:
    for line in _FOLD.sub("", text).split("\n"):
        found = _LINE.fullmatch(line.strip())
        if found:
            yield Property(found[1].upper(), _parameters(found[2]), found[3])


def _parameters(written: str) -> dict[str, str]:
    """The first of each name counts."""
    found: dict[str, str] = {}
    for name, value in _PARAMETER.findall(written):
        found.setdefault(name.upper(), value.strip().strip('"'))
    return found
