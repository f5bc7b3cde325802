"""How the pages say times, lengths, places, names and languages; pure, so that it is tested without a page."""

import datetime as dt
import re
import unicodedata
from urllib.parse import urlsplit

from django.utils.translation import gettext, ngettext

from core.time_words import local

LINE = 80  # columns of a line of notes
FEW_LINES = 5

_HOUR, _HALF_A_DAY = 60, 720  # minutes

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_KANA = re.compile("[\u3040-\u30ff]")
_HANGUL = re.compile("[\uac00-\ud7af]")


def length(minutes: int) -> str:
    """45 min, 2 h, 2 h 15 min."""
    hours, rest = divmod(minutes, 60)
    if minutes <= 90 or not hours:
        return gettext("%(minutes)d min") % {"minutes": minutes}
    if not rest:
        return gettext("%(hours)d h") % {"hours": hours}
    return gettext("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}


def days_until(instant: dt.datetime, *, now: dt.datetime, zone: str) -> str:
    """today, tomorrow, in 7 days: by the calendar of the zone; empty for the past."""
    days = (local(instant, zone).date() - local(now, zone).date()).days
    if days < 0:
        return ""
    if days < 2:
        return gettext("tomorrow") if days else gettext("today")
    return ngettext("in %(days)d day", "in %(days)d days", days) % {"days": days}


def time_until(instant: dt.datetime, *, now: dt.datetime, zone: str) -> str:
    """How long it still is: in 25 minutes, in about 3 hours, else by days; empty for the past."""
    minutes = -((now - instant) // dt.timedelta(minutes=1))
    if minutes <= 0 or minutes >= _HALF_A_DAY:
        return days_until(instant, now=now, zone=zone) if minutes > 0 else ""
    if minutes < _HOUR:
        return ngettext("in %(count)d minute", "in %(count)d minutes", minutes) % {"count": minutes}
    hours = round(minutes / _HOUR)
    return ngettext("in about %(count)d hour", "in about %(count)d hours", hours) % {"count": hours}


def place_in_line(number: int) -> str:
    """Third in line: words where people still count on their fingers."""
    words = {
        1: gettext("Next in line."),
        2: gettext("Second in line."),
        3: gettext("Third in line."),
        4: gettext("Fourth in line."),
        5: gettext("Fifth in line."),
    }
    return words.get(number) or gettext("Number %(number)d in line.") % {"number": number}


def initials(name: str) -> str:
    """MA for Martin Andrews, TA for “Ta”, 李 for 李茵: what stands where no photo does."""
    words = re.findall(r"[^\W_]+", name)
    if not words:
        return "?"
    if _HAN.match(words[0]):
        return words[0][0]
    if len(words) == 1:
        return words[0][:2].upper()
    return (words[0][0] + words[-1][0]).upper()


def language_of(text: str) -> str:
    """The BCP 47 tag a reader needs for this text, from its script: en, zh-Hans, ja or ko."""
    if _KANA.search(text):
        return "ja"
    if _HANGUL.search(text):
        return "ko"
    return "zh-Hans" if _HAN.search(text) else "en"


def bare_address(url: str) -> str:
    """github.com/mdda for https://www.github.com/mdda/: what fits on paper."""
    parts = urlsplit(url)
    return (parts.netloc.removeprefix("www.") + parts.path).rstrip("/") or url


def host(url: str) -> str:
    """tensorflow.org for https://www.tensorflow.org/tutorials/: where a link without a title leads."""
    return urlsplit(url).netloc.removeprefix("www.") or url


def is_long(text: str) -> bool:
    """Whether a Markdown text takes more than about five lines of a page."""
    return sum(1 + columns(line) // LINE for line in text.splitlines() if line.strip()) > FEW_LINES


def columns(text: str) -> int:
    """How wide a terminal draws it: Chinese letters take two columns."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
