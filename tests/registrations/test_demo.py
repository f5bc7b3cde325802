"""The demo's attendees."""

import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from pytest_django.fixtures import Settings

from events.models import Event
from lightning.services.demo import load_demo
from outbox.models import Message
from registrations.models import Registration, Seats
from registrations.selectors.people import place_in_queue
from registrations.services.demo import load_demo_rsvps
from registrations.states import HOLDS_A_SEAT, State

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 17, 18, 7, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[int]:
    """The demo with its attendees, made once for this file."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_demo(now=NOW)
        yield load_demo_rsvps(now=NOW)
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _demo(loaded: int, db: None) -> None:
    """Every test sees the demo and, at its end, puts back what it changed."""


def states(slug: str) -> dict[str, int]:
    """How many are where."""
    rows = list(Registration.objects.filter(event__slug=slug).values_list("state", flat=True))
    return {state: rows.count(state) for state in sorted(set(rows))}


def test_every_state_of_the_card_is_to_be_seen(loaded: int) -> None:
    assert loaded == 10
    assert {
        slug: states(slug)
        for slug in Event.objects.filter(registration_plan__isnull=False).values_list("slug", flat=True)
    } == {
        "neurips-and-the-cutting-edge": {"checked_in": 34, "no_show": 9},
        "tf-2019-summit-recap": {"checked_in": 31, "no_show": 5},
        "follow-the-sun": {"going": 38},
        "session-based-recommendation": {"going": 17},
        "third-thursday-serving": {"going": 29},
        "third-thursday-learn-to-learn": {"going": 24, "waiting": 9},
        "lightweight-models": {"cancelled": 1, "going": 19, "offered": 1, "waiting": 4},
        "spark-in-email-security": {"going": 11, "requested": 4},
        "teaching-machine-learning": {},
        "tfug-lightning-evening": {},
    }


def test_bo_and_dee_have_something_to_look_at() -> None:
    bo = {row.event.slug: row for row in Registration.objects.filter(user__email="bo@lectern.example")}
    assert {slug: row.state for slug, row in bo.items()} == {
        "follow-the-sun": State.GOING,
        "third-thursday-serving": State.GOING,
        "third-thursday-learn-to-learn": State.WAITING,
    }
    assert place_in_queue(bo["third-thursday-learn-to-learn"]) == 3
    dee = Registration.objects.get(user__email="dee@lectern.example", event__slug="lightweight-models")
    assert dee.state == State.OFFERED


def test_the_counters_tell_the_truth() -> None:
    for seats in Seats.objects.select_related("plan"):
        rows = Registration.objects.filter(event=seats.plan.event_id, place=seats.place)
        held = sum(row.party for row in rows if row.state in HOLDS_A_SEAT)
        assert (seats.taken, seats.waiting) == (held, rows.filter(state=State.WAITING).count())


def test_people_who_were_made_up_get_no_mail() -> None:
    assert Message.objects.filter(address__startswith="guest-").count() == 0
    assert Message.objects.filter(address="bo@lectern.example", kind="registration_admitted").count() == 3


def test_a_second_time_changes_nothing() -> None:
    before = Registration.objects.count()
    assert (load_demo_rsvps(now=NOW + dt.timedelta(days=1)), Registration.objects.count()) == (0, before)


def test_the_command_wants_the_demo(settings: Settings) -> None:
    settings.DEMO = True
    out = io.StringIO()
    call_command("load_demo_rsvps", stdout=out)
    assert out.getvalue() == "The attendees are there.\n"
    settings.DEMO = False
    with pytest.raises(CommandError, match="Set DEMO=1"):
        call_command("load_demo_rsvps")
