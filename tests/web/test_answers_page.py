"""Was this your answer? Looking changes nothing, one click does, once."""

import datetime as dt
import re
from collections.abc import Iterator

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from events.answer_links import Answer, answer_url
from events.models import CalendarInvite
from inbox.models import InboundMail
from outbox.models import Message
from tests.events.inbound_cast import Evening, evening

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(now: dt.datetime) -> Iterator[Evening]:
    """A calendar with an unknown address said that Bo does not come."""
    asked = evening(now)
    asked.answer("alias-unknown")
    with time_machine.travel(now, tick=False):
        yield asked


def path() -> str:
    """The link in Bo's mail."""
    return Message.objects.get(kind="reply_confirm").payload["url"].removeprefix(settings.SITE_URL)


def heading(page: bytes) -> str:
    found = re.search(r"<h1>(.*?)</h1>", page.decode())
    assert found
    return found[1]


def test_looking_changes_nothing_whoever_looks(asked: Evening, client: Client) -> None:
    page = client.get(path())

    assert (page.status_code, heading(page.content)) == (200, "Was this your answer?")
    assert "no, I cannot come" in page.content.decode()
    assert (page["Referrer-Policy"], page["Cache-Control"]) == ("no-referrer", "private, no-store")
    assert client.head(path()).status_code == 200
    assert (asked.states, InboundMail.objects.get().state) == (("going", "waiting"), "asked")


def test_one_click_makes_it_theirs_once(asked: Evening) -> None:
    client = Client(enforce_csrf_checks=True)

    first, second = client.post(path()), client.post(path())

    assert (first.status_code, heading(first.content), asked.states) == (200, "Thank you", ("declined", "going"))
    assert (second.status_code, heading(second.content)) == (409, "Was this your answer?")
    mail = InboundMail.objects.get()
    assert (mail.state, mail.outcome) == ("applied", "confirmed: DECLINED: is declined")


def test_a_newer_answer_outdates_the_link(asked: Evening, client: Client) -> None:
    asked.answer("gmail-accepted", {"20261117T175500Z": "20261117T175900Z"})

    assert (client.post(path()).status_code, asked.states) == (409, ("going", "waiting"))


def test_a_new_date_outdates_the_link(asked: Evening, client: Client) -> None:
    CalendarInvite.objects.update(sequence=2)

    assert (client.post(path()).status_code, asked.states) == (409, ("going", "waiting"))


def test_a_link_that_is_not_complete_opens_nothing(asked: Evening, client: Client) -> None:
    for token in ("x", path().split("/")[2][:-1]):
        page = client.post(f"/answers/{token}/")
        assert (page.status_code, asked.states) == (404, ("going", "waiting"))


def test_a_link_to_an_invite_that_is_gone_says_so(asked: Evening, client: Client) -> None:
    gone = path()
    asked.invite.delete()

    assert client.get(gone).status_code == 404


def test_the_link_holds_no_address_and_no_comment(now: dt.datetime) -> None:
    url = answer_url(7, Answer("DECLINED", 1, now, comment="sorry", mail=9))

    assert url.split("/answers/")[1].startswith("7.DECLINED.1.1794938400.9:")
