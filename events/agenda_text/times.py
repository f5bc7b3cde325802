"""Times of day and lengths as people write them, and the step from a 12-hour habit to a 24-hour clock."""

from __future__ import annotations

import re
from dataclasses import dataclass

HALF_DAY = 12 * 60
DAY = 24 * 60
_LONGEST_SESSION = 12 * 60
_LONGEST_GUESS = 8 * 60  # 9:00 - 5:00 is a working day; 10:00 - 9:00 is anybody's guess
_FIRST_HOUR_WITH_H = 7  # 19h30 is a time, 1h30 a length

_DIGITS = re.compile(r"[0-9]{1,2}(?![0-9])")
_MINUTE = re.compile(r"\s?([:：∶.hH])\s?([0-5][0-9])(?![0-9])(?::[0-5][0-9](?![0-9]))?")
_HOUR_ALONE = re.compile(r"\s?[hH](?![A-Za-z0-9])")
_EAST_ASIAN = re.compile(r"\s?[点點时時시](?!间|間|长|長)(?:\s?([0-5]?[0-9])\s?[分분]?|(半))?")
_MERIDIEM = re.compile(r"\s{0,2}([aApP])\.?\s?[mM]\b\.?")
_CLOCK_WORD = re.compile(r"\s{1,2}(?:Uhr|uhr|hrs|o'clock)(?![A-Za-z])|\s?(?:hrs|h|H)(?![A-Za-z0-9])")
_ZONE = re.compile(
    r"\s{1,2}(?:UTC|GMT|CES?T|ES[TD]T?|EDT|P[SD]T|[MC][SD]T|SGT|BST|IST|JST|KST|AEDT|AEST|[PEMC]T)(?![A-Za-z])"
)
_PART_OF_DAY = re.compile(r"(上午|早上|早晨|午前|오전|凌晨)|(下午|晚上|午后|午後|중오|오후|傍晚)|(中午)")
_TO = re.compile(r"\s{0,4}(?:[-－–—−~～〜至到→]|->|to\b|until\b|till\b|bis\b|à\b|から)\s{0,4}")
_LEAD = re.compile(
    r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2}[ T]{1,2})?(?:(?:at|from|um|ab|von|à|de|ca\.?|approx\.?)\s{1,3}|[@~\[(（【]\s{0,2})?"
)
_NOON = re.compile(r"(?:12\s)?noon\b|midi\b", re.IGNORECASE)
_AFTER = re.compile(r"[\s:：\-－–—|,，、)\]）】>·•~.]*")
_BROKEN = re.compile(r"([0-9]{1,3})[:：]([0-9]{2})(?![0-9:：])")


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day in minutes since midnight; `open_half` when the text does not say morning or afternoon."""

    minutes: int
    open_half: bool
    says_half: bool = False
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A start, perhaps an end, as written; `end` is the index in the line behind it."""

    start: Clock
    stop: Clock | None
    end: int


def time_at_start(text: str) -> tuple[Span, str] | None:
    """The time that opens the text, and what follows it. None when the text does not open with a time."""
    lead = _LEAD.match(text)
    span = span_at(text, lead.end() if lead else 0)
    if span is None:
        return None
    after = _AFTER.match(text, span.end)
    rest = text[after.end() if after else span.end :]
    return span, rest


def span_at(text: str, at: int) -> Span | None:
    found = _clock_at(text, at)
    if found is None:
        return None
    start, end = found
    if joint := _TO.match(text, end):
        second = _clock_at(text, joint.end())
        if second and not second[0].bare:
            start = _shared_half(start, second[0])
            return Span(start, second[0], _zone_end(text, second[1]))
    return None if start.bare else Span(start, None, _zone_end(text, end))


def opens_with_broken_time(text: str) -> bool:
    """Something like 25:61, which looks like a time of day and is none."""
    found = _BROKEN.match(text)
    return found is not None and (int(found[1]) > 24 or int(found[2]) > 59)


def _zone_end(text: str, end: int) -> int:
    zone = _ZONE.match(text, end)
    return zone.end() if zone else end


def _clock_at(text: str, at: int) -> tuple[Clock, int] | None:
    if noon := _NOON.match(text, at):
        return Clock(HALF_DAY, open_half=False), noon.end()
    part = _PART_OF_DAY.match(text, at)
    digits = _DIGITS.match(text, part.end() if part else at)
    if digits is None:
        return None
    minute, style, end = _minute_at(text, digits)
    half, end = _half_at(text, end, part)
    if style == "dotted" and not half and not _plausible_dotted(text, digits, minute, end):
        return None
    hour = int(digits[0])
    if hour > 24 or (half and not 1 <= hour <= 12) or (hour == 24 and minute):
        return None
    if end < len(text) and ((text[end].isascii() and text[end].isalnum()) or text[end] in "%°€$"):
        return None
    return _clock(hour, minute, half, bare=style == "bare" and not half), end


def _minute_at(text: str, digits: re.Match[str]) -> tuple[int, str, int]:
    """Minute, style (colon, dotted, bare) and end."""
    found = _MINUTE.match(text, digits.end())
    if found and (found[1] not in "hH" or int(digits[0]) >= _FIRST_HOUR_WITH_H):
        return int(found[2]), "dotted" if found[1] == "." else "colon", found.end()
    if found := _EAST_ASIAN.match(text, digits.end()):
        minute = 30 if found[2] else int(found[1] or 0)
        return (minute, "colon", found.end()) if minute < 60 else (0, "colon", digits.end())
    hour_alone = _HOUR_ALONE.match(text, digits.end())
    if hour_alone and int(digits[0]) >= _FIRST_HOUR_WITH_H:
        return 0, "colon", hour_alone.end()
    word = _CLOCK_WORD.match(text, digits.end())
    if word and word[0].strip().lower() != "h":
        return 0, "colon", word.end()
    return 0, "bare", digits.end()


def _half_at(text: str, end: int, part: re.Match[str] | None) -> tuple[str, int]:
    if found := _MERIDIEM.match(text, end):
        return found[1].lower(), found.end()
    if word := _CLOCK_WORD.match(text, end):
        end = word.end()
    if part is None:
        return "", end
    return "a" if part[1] else "p", end


def _plausible_dotted(text: str, digits: re.Match[str], minute: int, end: int) -> bool:
    """18.30 is a time; 1.14 is a version and 10.25% a share."""
    return len(digits[0]) == 2 and minute % 5 == 0 and not text.startswith((".", "%"), end)


def _clock(hour: int, minute: int, half: str, *, bare: bool) -> Clock:
    if half:
        return Clock((hour % 12 + (12 if half == "p" else 0)) * 60 + minute, open_half=False, says_half=True)
    return Clock((hour % 24) * 60 + minute, open_half=1 <= hour <= 12, bare=bare)


def _shared_half(start: Clock, stop: Clock) -> Clock:
    """In `6:30 - 7:15 pm` and `11:30 - 12:15 pm` the half of the day is said once."""
    if not start.open_half or not stop.says_half:
        return start
    same_half = start.minutes % HALF_DAY + (HALF_DAY if stop.minutes >= HALF_DAY else 0)
    placed = same_half if same_half < stop.minutes else same_half - HALF_DAY
    return Clock(placed, open_half=False, says_half=True) if placed >= 0 else start


@dataclass(slots=True)
class DayClock:
    """Reads the times of one day in their order: 1:15 after 12:00 is 13:15."""

    latest: int | None = None
    counts_to_24: bool = False

    def read(self, span: Span) -> tuple[int, int | None]:
        """Start in minutes since midnight, and the length when an end is written."""
        start = self._placed(span.start)
        self.counts_to_24 |= span.start.minutes > HALF_DAY + 59 and not span.start.says_half
        self.latest = start
        return start, _length(start, span.stop)

    def _placed(self, clock: Clock) -> int:
        if self.latest is None or self.counts_to_24 or not clock.open_half or clock.minutes >= self.latest:
            return clock.minutes
        later = clock.minutes + HALF_DAY
        return later if self.latest <= later < DAY else clock.minutes


def _length(start: int, stop: Clock | None) -> int | None:
    if stop is None:
        return None
    end = stop.minutes
    if end <= start and stop.open_half and 0 < end + HALF_DAY - start <= _LONGEST_GUESS:
        end += HALF_DAY
    elif end <= start:
        end += DAY
    return end - start if 0 < end - start <= _LONGEST_SESSION else None


def hh_mm(minutes: int) -> str:
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"
