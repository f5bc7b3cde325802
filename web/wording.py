"""How the pages say times, lengths, places, names and languages; pure, so that it is tested without a page."""

import datetime as dt
import re
import unicodedata
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as date_text
from django.utils.translation import gettext, gettext_noop, ngettext, pgettext

LINE = 80  # columns of a line of notes
FEW_LINES = 5

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_KANA = re.compile("[\u3040-\u30ff]")
_HANGUL = re.compile("[\uac00-\ud7af]")
# People of many zones name the country, not the city that happens to name the zone; the others are here to be
# translated.
_COUNTRIES = {
    "Asia/Shanghai": gettext_noop("China"),
    "Asia/Tokyo": gettext_noop("Japan"),
    "Asia/Seoul": gettext_noop("Korea"),
    "Asia/Kolkata": gettext_noop("India"),
    "Asia/Ho_Chi_Minh": gettext_noop("Vietnam"),
    "Asia/Taipei": gettext_noop("Taiwan"),
    "Asia/Bangkok": gettext_noop("Thailand"),
    "Asia/Singapore": gettext_noop("Singapore"),
    "Europe/London": gettext_noop("London"),
    "Europe/Berlin": gettext_noop("Berlin"),
    "America/New_York": gettext_noop("New York"),
}


def local(instant: dt.datetime, zone: str) -> dt.datetime:
    """The instant on the wall clock of an IANA zone; in UTC where that clock would leave the calendar."""
    try:
        return instant.astimezone(ZoneInfo(zone))
    except OverflowError:
        return instant.astimezone(dt.UTC)


def long_date(instant: dt.datetime, zone: str) -> str:
    """Tuesday 26 February 2019."""
    return date_text(local(instant, zone), pgettext("date format: weekday, day, month, year", "l j F Y"))


def short_date(instant: dt.datetime, zone: str) -> str:
    """26 February 2019."""
    return date_text(local(instant, zone), pgettext("date format: day, month, year", "j F Y"))


def month_and_year(instant: dt.datetime, zone: str) -> str:
    """February 2019."""
    return date_text(local(instant, zone), pgettext("date format: month, year", "F Y"))


def short_month_and_year(instant: dt.datetime, zone: str) -> str:
    """Feb 2019."""
    return date_text(local(instant, zone), pgettext("date format: short month, year", "M Y"))


def weekday(instant: dt.datetime, zone: str) -> str:
    """Tuesday."""
    return date_text(local(instant, zone), "l")


def zone_place(zone: str) -> str:
    """Singapore, China, New York: the place whose clock this is."""
    return gettext(_COUNTRIES.get(zone) or zone.rsplit("/", 1)[-1].replace("_", " "))


def zone_name(zone: str) -> str:
    """Singapore time."""
    if zone == "UTC":
        return "UTC"
    return gettext("%(place)s time") % {"place": zone_place(zone)}


def zone_abbreviation(instant: dt.datetime, zone: str) -> str:
    """CET where the clock has letters, else UTC+8."""
    at = local(instant, zone)
    letters = at.tzname() or ""
    if letters.isalpha():
        return letters
    minutes = (at.utcoffset() or dt.timedelta()) // dt.timedelta(minutes=1)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'−' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


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
