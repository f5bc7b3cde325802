"""Tickets: a QR and a name for whoever holds the code, and nothing they could do with it."""

import datetime as dt
import re

import pytest
import segno
from django.conf import settings
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from events.models import Event
from registrations.links import join_path
from registrations.models import Place, Registration
from registrations.states import State
from registrations.tickets import ticket_code
from tests.factories import EventFactory, UserFactory, VenueFactory
from tests.factories.registrations import RegistrationFactory
from tests.web.conftest import TUESDAY_EVENING
from web.pages.tickets import qr_code

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def evening(db: None) -> Event:
    return EventFactory(
        title="XLA night",
        slug="xla",
        starts_at=TUESDAY_EVENING + 24 * HOUR,
        venue=VenueFactory(name="Hub"),
        online_url="https://video.example/secret-room",
    )


def address(registration: Registration) -> str:
    return f"/tickets/{ticket_code(registration)}/"


def plain(body: bytes) -> str:
    """What the page says, without tags, in the article."""
    article = body.decode().partition("<article")[2].partition("</article>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", f"<article{article}").split())


def test_a_ticket_says_who_what_when_and_where(dee: Client, evening: Event) -> None:
    bo = RegistrationFactory(event=evening, name="Bo", guests=2)
    said = plain(dee.get(address(bo)).content)
    assert said == (
        f"{evening.group.name} XLA night Wednesday 18 March 2026 , 19:00 to 21:00 Singapore time "
        f"Hub , 1 Example Street, 117371 Singapore {ticket_code(bo)} Bo and 2 guests "
        "Valid. Show this at the door."
    )


def test_the_code_is_drawn_as_the_tickets_own_address(dee: Client, evening: Event) -> None:
    bo = RegistrationFactory(event=evening)
    body = dee.get(address(bo)).content.decode()
    assert qr_code(f"{settings.SITE_URL}/tickets/{ticket_code(bo)}/") in body
    assert 'style="' not in body


def test_the_quiet_zone_of_four_modules_is_white() -> None:
    made = segno.make("https://meet.example/tickets/X/", error="m", micro=False)
    width = made.symbol_size(border=4)[0]
    assert f'<path fill="#fff" d="M0 0h{width}v{width}h-{width}z"/>' in qr_code("https://meet.example/tickets/X/")


def test_a_ticket_has_no_powers_and_tells_no_address(dee: Client, evening: Event) -> None:
    bo = RegistrationFactory(event=evening, user=UserFactory(email="bo@secret.example"), place=Place.ONLINE)
    body = dee.get(address(bo)).content.decode()
    article = body.partition("<article")[2].partition("</article>")[0]
    assert not re.search("<form|<a |<button|secret", article)
    assert dee.post(address(bo)).status_code == 405


def test_nobody_keeps_or_lists_a_ticket_and_no_site_learns_of_it(dee: Client, evening: Event) -> None:
    response = dee.get(address(RegistrationFactory(event=evening)))
    assert {name: response[name] for name in ("Cache-Control", "Referrer-Policy", "X-Robots-Tag")} == {
        "Cache-Control": "private, no-store",
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex",
    }
    assert (response.cookies, '<meta name="robots" content="noindex">' in response.content.decode()) == ({}, True)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State.GOING, "Valid. Show this at the door."),
        (State.CHECKED_IN, "Checked in."),
        (State.CANCELLED, "Not valid. This place was given up."),
        (State.DECLINED, "Not valid. This place was given up."),
        (State.WAITING, "Not valid yet. This person is on the waitlist."),
        (State.OFFERED, "Not valid yet. This person is on the waitlist."),
        (State.REQUESTED, "Not valid yet. This RSVP is not confirmed."),
        (State.PENDING, "Not valid yet. This RSVP is not confirmed."),
    ],
)
def test_every_state_is_said_and_only_what_is_good_at_the_door_has_a_code(
    dee: Client, evening: Event, state: State, words: str
) -> None:
    until = TUESDAY_EVENING + HOUR if state == State.OFFERED else None
    body = dee.get(address(RegistrationFactory(event=evening, state=state, offer_until=until))).content
    assert plain(body).endswith(words)
    assert (b"<svg viewBox" in body) == (state in (State.GOING, State.CHECKED_IN))


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("cancelled", "The event is cancelled. This ticket is not valid any more."),
        ("postponed", "The event is postponed. This ticket is good again with the new date."),
    ],
)
def test_a_ticket_for_what_does_not_take_place_says_so(dee: Client, evening: Event, status: str, words: str) -> None:
    bo = RegistrationFactory(event=evening)
    Event.objects.update(status=status)
    assert plain(dee.get(address(bo)).content).endswith(words)


def test_after_the_event_a_ticket_is_a_memory(dee: Client, evening: Event) -> None:
    bo = RegistrationFactory(event=evening, state=State.NO_SHOW)
    Event.objects.update(starts_at=TUESDAY_EVENING - 3 * HOUR, ends_at=TUESDAY_EVENING - HOUR)
    assert plain(dee.get(address(bo)).content).endswith("This event is over.")


def test_small_letters_and_missing_dashes_do_not_matter(dee: Client, evening: Event) -> None:
    code = ticket_code(RegistrationFactory(event=evening))
    for typed in (code.lower(), code.replace("-", ""), code.replace("-", "%20")):
        assert dee.get(f"/tickets/{typed}/").status_code == 200


@pytest.mark.parametrize("change", ["last letter", "first letter", "unsigned", "odd"])
def test_a_tampered_code_is_a_clear_404(dee: Client, evening: Event, change: str) -> None:
    code = ticket_code(RegistrationFactory(event=evening))
    other = {"A": "B"}
    tampered = {
        "last letter": code[:-1] + other.get(code[-1], "A"),
        "first letter": other.get(code[0], "A") + code[1:],
        "unsigned": code[:19],
        "odd": "%F0%9F%A6%84%27%20OR%201=1",
    }[change]
    response = dee.get(f"/tickets/{tampered}/")
    assert (response.status_code, response["Cache-Control"]) == (404, "private, no-store")
    assert "There is no such ticket" in response.content.decode()


def test_a_ticket_for_an_event_that_was_taken_back_is_unknown(dee: Client, evening: Event) -> None:
    bo = RegistrationFactory(event=evening)
    Event.objects.update(status="draft")
    assert dee.get(address(bo)).status_code == 404


def test_a_name_is_text(dee: Client, evening: Event) -> None:
    body = dee.get(address(RegistrationFactory(event=evening, name="<b>Bo</b>"))).content.decode()
    assert "&lt;b&gt;Bo&lt;/b&gt;" in body


def test_a_ticket_costs_one_query(
    dee: Client, evening: Event, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    bo = RegistrationFactory(event=evening, guests=1)
    with django_assert_num_queries(1):
        dee.get(address(bo))


class TestJoining:
    """The personal link for who takes part online."""

    def test_leads_to_the_address_while_its_person_is_going(self, dee: Client, evening: Event) -> None:
        bo = RegistrationFactory(event=evening, place=Place.ONLINE)
        response = dee.get(join_path(bo))
        assert (response.status_code, response["Location"]) == (302, "https://video.example/secret-room")
        assert (response["Cache-Control"], response["Referrer-Policy"]) == ("private, no-store", "no-referrer")

    @pytest.mark.parametrize("state", sorted(set(State) - {State.GOING, State.CHECKED_IN}))
    def test_opens_for_nobody_else(self, dee: Client, evening: Event, state: State) -> None:
        until = TUESDAY_EVENING + HOUR if state == State.OFFERED else None
        bo = RegistrationFactory(event=evening, place=Place.ONLINE, state=state, offer_until=until)
        response = dee.get(join_path(bo))
        assert (response.status_code, b"secret" in response.content) == (403, False)

    @pytest.mark.parametrize("facts", [{"status": "cancelled"}, {"online_url": ""}, {"status": "draft"}])
    def test_opens_nothing_that_does_not_take_place(self, dee: Client, evening: Event, facts: dict[str, str]) -> None:
        bo = RegistrationFactory(event=evening, place=Place.ONLINE)
        Event.objects.update(**facts)
        assert dee.get(join_path(bo)).status_code == 403

    def test_is_for_who_takes_part_online(self, dee: Client, evening: Event) -> None:
        bo = RegistrationFactory(event=evening, place=Place.ROOM)
        assert dee.get(join_path(bo)).status_code == 403
        Event.objects.update(format=Event.Format.ONLINE)
        assert dee.get(join_path(bo)).status_code == 302

    def test_ends_with_the_event(self, dee: Client, evening: Event) -> None:
        bo = RegistrationFactory(event=evening, place=Place.ONLINE)
        Event.objects.update(starts_at=TUESDAY_EVENING - 3 * HOUR, ends_at=TUESDAY_EVENING)
        assert dee.get(join_path(bo)).status_code == 403

    def test_a_changed_link_is_a_clear_404_and_opens_no_registration(self, dee: Client, evening: Event) -> None:
        path = join_path(RegistrationFactory(event=evening, place=Place.ONLINE))
        response = dee.get(f"{path[:-2]}x/" if path[-2] != "x" else f"{path[:-2]}y/")
        assert (response.status_code, "This link leads nowhere" in response.content.decode()) == (404, True)
