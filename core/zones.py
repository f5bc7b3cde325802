"""Instants on the wall clock of a place, and the places there are."""

import datetime as dt
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

AREAS = ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


def local_text(instant: dt.datetime, zone: ZoneInfo) -> str:
    """ISO 8601 with the zone's offset, to the second; in UTC where the zone's clock would leave the calendar."""
    try:
        return instant.astimezone(zone).isoformat(timespec="seconds")
    except OverflowError:
        return instant.astimezone(dt.UTC).isoformat(timespec="seconds")


@cache
def zones_by_region() -> dict[str, tuple[str, ...]]:
    """The zones people choose from: `Area/Location` names of the IANA database by area, UTC last; in order."""
    found: dict[str, list[str]] = {area: [] for area in AREAS}
    for name in sorted(available_timezones()):
        area = name.partition("/")[0]
        if area in found and "/" in name:
            found[area].append(name)
    return {area: tuple(names) for area, names in found.items() if names} | {"UTC": ("UTC",)}
