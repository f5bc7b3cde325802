"""A speaker as a vCard (RFC 6350)."""

from collections.abc import Iterator

from core.text import clean_line
from speakers.models import Speaker

LINE_OCTETS = 75  # RFC 6350 section 3.2


def card(speaker: Speaker, url: str) -> str:
    """The card of a speaker whose links and affiliations are loaded; lines end with CRLF. Never an e-mail."""
    current = next((one for one in speaker.affiliations.all() if one.until_date is None), None)
    lines = ["BEGIN:VCARD", "VERSION:4.0", f"FN:{_text(speaker.name)}"]
    if current:
        lines.append(f"ORG:{_text(current.organisation)}")
    if current and current.role:
        lines.append(f"TITLE:{_text(current.role)}")
    if speaker.town:
        lines.append(f"ADR:;;;{_text(speaker.town)};;;")
    lines += [f"LANG:{_text(code)}" for code in speaker.languages]
    lines += [f"URL:{_uri(address)}" for address in (url, *(link.url for link in speaker.links.all()))]
    lines.append("END:VCARD")
    return "".join(f"{piece}\r\n" for line in lines for piece in _folded(line))


def _text(value: str) -> str:
    r"""Escaped as RFC 6350 section 3.4 asks: backslash, comma, semicolon; line ends cannot occur after cleaning."""
    return clean_line(value).replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")


def _uri(value: str) -> str:
    """Without anything that could end the line."""
    return "".join(value.split())


def _folded(line: str) -> Iterator[str]:
    """Pieces of at most 75 octets, cut between characters; all but the first begin with a space."""
    piece = ""
    for letter in line:
        if len((piece + letter).encode()) > LINE_OCTETS:
            yield piece
            piece = " "
        piece += letter
    yield piece
