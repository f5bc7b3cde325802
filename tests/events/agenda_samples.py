"""Short ways to write what an agenda should turn into."""

from typing import Any

from events.agenda_text import parse_agenda
from events.agenda_text.result import ItemJSON, NotUnderstoodJSON, PersonJSON

ADA = ("Ada Lovelace", "Acme")
BO = ("Bo Diddley", "")


def sessions_of(text: str) -> list[ItemJSON]:
    """The sessions of a text that is understood to its last line."""
    made = parse_agenda(text).as_json()
    assert made["not_understood"] == []
    return made["sessions"]


def item(title: str = "", *people: tuple[str, str], **values: Any) -> ItemJSON:
    """An item with everything else empty."""
    empty: dict[str, Any] = {
        "kind": "talk",
        "title": title,
        "starts": None,
        "minutes": None,
        "number": None,
        "speakers": [person(*names) for names in people],
        "links": [],
        "topics": [],
        "notes": "",
        "talks": [],
    }
    return empty | values  # type: ignore[return-value]


def person(name: str, affiliation: str = "") -> PersonJSON:
    return {"name": name, "affiliation": affiliation}


def lost(line: int, text: str, reason: str) -> NotUnderstoodJSON:
    return {"line": line, "text": text, "reason": reason}
