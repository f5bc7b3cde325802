"""Instants on the wall clock of a place."""

import datetime as dt
from zoneinfo import ZoneInfo


def local_text(instant: dt.datetime, zone: ZoneInfo) -> str:
    """ISO 8601 with the zone's offset, to the second; in UTC where the zone's clock would leave the calendar."""
    try:
        return instant.astimezone(zone).isoformat(timespec="seconds")
    except OverflowError:
        return instant.astimezone(dt.UTC).isoformat(timespec="seconds")
