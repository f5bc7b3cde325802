"""Feeds that several calendar tests read: a plain group, an empty one, a programme, the world's clocks."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

from events.calendar_values import CalendarEntry, Conference, EntryStatus, Feed, Words

REVISED = dt.datetime(2026, 5, 4, 9, 30, 0, 123456, tzinfo=dt.UTC)
SINGAPORE = ZoneInfo("Asia/Singapore")
SITE = "https://meet.example"

MEETUP = CalendarEntry(
    uid="0f8b7c1e-3f7a-4f0e-9f58-6d2c5d0c7b01",
    starts_at=dt.datetime(2026, 6, 16, 19, tzinfo=SINGAPORE),
    ends_at=dt.datetime(2026, 6, 16, 22, tzinfo=SINGAPORE),
    zone="Asia/Singapore",
    summary="TensorFlow and Deep Learning: XLA, tracing; more",
    revised_at=REVISED,
    created_at=dt.datetime(2026, 4, 1, 8, tzinfo=dt.UTC),
    sequence=2,
    description="Doors 18:30.\nBring a laptop; badge, too.\nPath C:\\New",
    location="Google Singapore, 80 Pasir Panjang Road, 117372 Singapore",
    geo=(1.2766341234, 103.7993),
    url=f"{SITE}/events/xla-night/",
    categories=("Machine learning", "Community, local"),
    contact="TensorFlow and Deep Learning Singapore",
    series_uid="7a1c1f5e-0000-4000-8000-000000000001",
)
CANCELLED = replace(
    MEETUP,
    uid="11111111-2222-4333-8444-555555555555",
    starts_at=dt.datetime(2026, 7, 21, 19, tzinfo=SINGAPORE),
    ends_at=dt.datetime(2026, 7, 21, 22, tzinfo=SINGAPORE),
    status=EntryStatus.CANCELLED,
    transparent=False,
)
POSTPONED = replace(
    MEETUP,
    uid="21111111-2222-4333-8444-555555555555",
    starts_at=dt.datetime(2026, 8, 18, 19, tzinfo=SINGAPORE),
    ends_at=dt.datetime(2026, 8, 18, 22, tzinfo=SINGAPORE),
    status=EntryStatus.POSTPONED,
)


def group_feed() -> Feed:
    return Feed(
        name="TensorFlow and Deep Learning, Singapore",
        zone="Asia/Singapore",
        url=f"{SITE}/groups/tfdl/",
        source=f"{SITE}/calendars/groups/tfdl.ics",
        description="Talks; hacking, pizza\nEvery month",
        color="steelblue",
        entries=(MEETUP, CANCELLED, POSTPONED),
    )


def chinese_feed() -> Feed:
    meetup = replace(
        MEETUP, summary="天津谷歌开发者社区：机器学习之夜 " + "深度学习" * 20, description="详情请见网站。"
    )
    cancelled = replace(meetup, uid=CANCELLED.uid, status=EntryStatus.CANCELLED)
    words = Words(cancelled="已取消", postponed="已延期")
    return Feed(name="天津 GDG", zone="Asia/Shanghai", words=words, entries=(meetup, cancelled))


def empty_feed() -> Feed:
    return Feed(name="Nothing yet", zone="Europe/Berlin")


def programme_feed() -> Feed:
    """An event with two sessions inside it, one of them online for those who know the address."""
    talk = replace(
        MEETUP,
        uid="5a1c1f5e-0000-4000-8000-000000000001",
        starts_at=dt.datetime(2026, 6, 16, 19, 10, tzinfo=SINGAPORE),
        ends_at=dt.datetime(2026, 6, 16, 19, 15, tzinfo=SINGAPORE),
        summary="uv & the lockfile: 🐍📦 " + "ä" * 60,
        parent_uid=MEETUP.uid,
        series_uid="",
        transparent=False,
        conference=Conference("https://video.example/j/123?pwd=a,b", "Join online: room 1"),
    )
    second = replace(talk, uid="5a1c1f5e-0000-4000-8000-000000000002", conference=None, geo=None, private=True)
    return Feed(name="XLA night", zone="Asia/Singapore", entries=(MEETUP, talk, second))


WORLD = (
    "Africa/Casablanca",
    "America/New_York",
    "America/Santiago",
    "Asia/Kolkata",
    "Asia/Singapore",
    "Australia/Lord_Howe",
    "Europe/Dublin",
    "Pacific/Auckland",
)


def world_feed() -> Feed:
    """Half past six in the evening, in eight places, in January, March and July; and Berlin's two DST nights."""
    entries = [
        replace(
            MEETUP,
            uid=f"world-{zone.replace('/', '-')}-{month}",
            starts_at=dt.datetime(2026, month, 15, 18, 30, tzinfo=ZoneInfo(zone)),
            ends_at=dt.datetime(2026, month, 15, 20, 30, tzinfo=ZoneInfo(zone)),
            zone=zone,
            summary=f"{zone} {month}",
        )
        for zone in WORLD
        for month in (1, 3, 7)
    ]
    nights = [dt.datetime(2026, 3, 29, 0, 30, tzinfo=dt.UTC) + dt.timedelta(hours=n) for n in range(3)]
    nights += [dt.datetime(2026, 10, 24, 23, 30, tzinfo=dt.UTC) + dt.timedelta(hours=n) for n in range(4)]
    entries += [
        replace(
            MEETUP,
            uid=f"night-{n}",
            starts_at=start,
            ends_at=start + dt.timedelta(minutes=20),
            zone="Europe/Berlin",
            summary=f"Night {n}",
        )
        for n, start in enumerate(nights)
    ]
    return Feed(name="Around the world", zone="America/Santiago", entries=tuple(entries))
