"""Make people's text and links safe for iCalendar before icalendar writes them."""

from __future__ import annotations

import math
import re
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

from icalendar import vCategory, vGeo, vText

# C0 and C1 controls (without tab and newline), DEL, and lone surrogates, which no UTF-8 file can hold.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff]")
_LINE_BREAK = re.compile("\r\n|[\r\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_KEPT_IN_PATH = "/:@!$&'()*+,;=-._~%"
_KEPT_IN_QUERY = _KEPT_IN_PATH + "?"


class Text(vText):
    r"""A TEXT value (RFC 5545 section 3.3.11).

    vText turns a literal `\N`, as in "C:\New", into a line break; here it stays what was typed.
    """

    def to_ical(self) -> bytes:
        escaped = str(self).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
        return escaped.replace("\n", "\\n").encode()


class Categories(vCategory):
    """CATEGORIES values, each escaped as Text."""

    def __init__(self, names: list[str]) -> None:
        super().__init__([])
        self.cats = [Text(name) for name in names]


class Geo(vGeo):
    """A GEO value with at most six decimals (RFC 5545 section 3.8.1.6) and never an exponent."""

    def to_ical(self) -> str:
        return f"{decimal(self.latitude)};{decimal(self.longitude)}"


def decimal(degrees: float) -> str:
    """A coordinate as written in GEO and geo: values, `1.29` or `-0.00001`."""
    written = f"{degrees:.6f}".rstrip("0").rstrip(".")
    return "0" if written == "-0" else written


def clean(value: str, *, limit: int) -> str:
    """Text without control characters, all line breaks as newline, cut to `limit` characters with an ellipsis."""
    cleaned = _FORBIDDEN.sub("", _LINE_BREAK.sub("\n", value)).strip()
    return cleaned if len(cleaned) <= limit else cleaned[: limit - 1].rstrip() + "…"


def clean_line(value: str, *, limit: int) -> str:
    """The same on one line: line breaks become `, ` and blanks are folded."""
    lines = (" ".join(line.split()) for line in clean(value, limit=limit).split("\n"))
    return ", ".join(line for line in lines if line)


def safe_url(value: str) -> str:
    """An absolute http or https URL, percent-encoded (RFC 3986), or an empty string for anything else."""
    try:
        parts = urlsplit(value.strip())
        if _CONTROL.search(value.strip()) or parts.scheme not in {"http", "https"} or not parts.hostname:
            return ""
        return urlunsplit(_encoded(parts))
    except ValueError:  # broken IPv6 brackets, a port that is no number, a host that IDNA refuses, a surrogate
        return ""


def _encoded(parts: SplitResult) -> SplitResult:
    host = parts.hostname or ""
    name = f"[{host}]" if ":" in host else host.encode("idna").decode("ascii")
    if not re.fullmatch(r"[A-Za-z0-9._-]+|\[[0-9a-f:.]+\]", name):
        raise ValueError(name)
    return SplitResult(
        parts.scheme,
        name if parts.port is None else f"{name}:{parts.port}",  # user names and passwords are left out
        quote(parts.path, safe=_KEPT_IN_PATH),
        quote(parts.query, safe=_KEPT_IN_QUERY),
        quote(parts.fragment, safe=_KEPT_IN_QUERY),
    )


def safe_geo(point: tuple[float, float] | None) -> tuple[float, float] | None:
    """(latitude, longitude) in degrees when it lies on Earth, else None."""
    if point is None or not all(math.isfinite(degrees) for degrees in point):
        return None
    latitude, longitude = point
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None
