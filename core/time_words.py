"""How pages and mails say an instant: on the wall clock of a place, in the reader's language."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as date_text
from django.utils.translation import gettext, gettext_noop, pgettext

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


def moment(instant: dt.datetime, zone: str) -> str:
    """Monday 25 February at 18:00: for what is near enough to need no year."""
    at = local(instant, zone)
    day = date_text(at, pgettext("date format: weekday, day, month", "l j F"))
    return gettext("%(day)s at %(time)s") % {"day": day, "time": at.strftime("%H:%M")}


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
