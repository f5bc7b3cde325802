"""Which family of programs came with a key: the lines they send, and those of browsers."""

import pytest

from accounts.feed_clients import FAMILIES, family
from accounts.models import FeedKey

AGENTS = {
    "Google-Calendar-Importer": "google",
    "Mozilla/5.0 (compatible; Google-Calendar-Importer; +https://calendar.google.com)": "google",
    "macOS/14.4 (23E214) dataaccessd/1.0": "apple",
    "iOS/17.4 (21E219) dataaccessd/1.0": "apple",
    "Mac+OS+X/10.15.7 (19H2) CalendarAgent/930.5.1": "apple",
    "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17328; Pro)": "outlook",
    "Mozilla/4.0 (compatible; ms-office; MSOffice 16)": "outlook",
    "Microsoft.Exchange.Calendar.Sharing": "outlook",
    "Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Thunderbird/115.9.0": "thunderbird",
    "Mozilla/5.0 (X11; Linux x86_64; rv:60.0) Gecko/20100101 Lightning/6.2": "thunderbird",
    "ICSx5/2.2 (ical4android) okhttp/4.12": "android",
    "Evolution/3.46.4": "other",
    "vdirsyncer/0.19.2": "other",
    "": "other",
    "x" * 10_000: "other",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Safari/605.1.15": "",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/124.0 Safari/537.36 Edg/124.0": "",
    "Opera/9.80 (Windows NT 6.1) Presto/2.12": "",
}


@pytest.mark.parametrize("agent", AGENTS)
def test_a_program_is_known_by_its_family(agent: str) -> None:
    assert family(agent) == AGENTS[agent]


def test_every_family_can_be_stored() -> None:
    assert [*FAMILIES, "other"] == FeedKey.Client.values
