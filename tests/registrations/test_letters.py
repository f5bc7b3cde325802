"""What letters about registrations say, to the byte."""

import os
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.utils import translation

from events.letters import event_letter
from outbox.text_layout import COLUMNS, width
from registrations.letters import KINDS, invitation_values, letter_values, sample_values
from registrations.states import State
from tests.factories import EventFactory
from tests.factories.registrations import PlanFactory, RegistrationFactory
from tests.registrations.letter_samples import evening, letter_to

pytestmark = pytest.mark.django_db

GOLDEN = Path(__file__).parents[1] / "golden" / "mails"
IN_FULL = ("registration_going", "registration_waiting", "registration_confirm")
GMAIL_CLIPS_AT = 102 * 1024


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SITE_URL = "https://lectern.example"
    settings.SECRET_KEY = "golden"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("kind", IN_FULL)
def test_a_letter_reads_as_it_was_agreed(kind, language):
    """Run with UPDATE_GOLDEN=1 to accept what changed."""
    with translation.override(language):
        letter = event_letter(kind, sample_values(kind, evening()))
    shown = {"txt": f"{letter.subject}\n\n{letter.text}", "html": letter.html}
    files = {ending: GOLDEN / f"{kind}.{language}.{ending}" for ending in shown}
    if os.environ.get("UPDATE_GOLDEN"):
        for ending, text in shown.items():
            files[ending].write_text(text)
    assert shown == {ending: file.read_text() for ending, file in files.items()}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_no_line_of_text_is_wider_than_a_terminal_but_for_addresses(language):
    event = evening()
    with translation.override(language):
        texts = [event_letter(kind, sample_values(kind, event)).text for kind in KINDS]
    lines = [line for text in texts for line in text.splitlines() if "https://" not in line]
    assert [line for line in lines if width(line) > COLUMNS or (line != "-- " and line != line.rstrip())] == []


def test_text_and_html_name_the_same_links_in_the_same_order():
    letter = letter_to(evening(), "registration_going")
    found = Anchors()
    found.feed(letter.html)
    in_text = [word for word in letter.text.split() if word.startswith("https://")]
    assert found.addresses == in_text[:-1]  # the last line of a text says whose mail it is


@pytest.mark.parametrize("kind", KINDS)
def test_every_tag_is_closed_in_its_turn(kind):
    with translation.override("en"):
        found = Anchors()
        found.feed(event_letter(kind, sample_values(kind, evening())).html)
    assert found.open == []


def test_a_letter_is_complete_without_anything_from_elsewhere():
    html = letter_to(evening(), "registration_going").html
    assert [word for word in ("<img", "<script", "<link", "url(", "@import", "http://") if word in html] == ["http://"]
    assert html.count("http://") == 1  # the name of XHTML's namespace


def test_who_is_not_proven_is_not_greeted_by_a_name_that_may_be_a_strangers_message():
    letter = letter_to(evening(), "registration_confirm", name="You have won", state=State.PENDING)
    assert ["You have won" in part for part in (letter.subject, letter.text, letter.html)] == [False] * 3
    assert "/me/mail/" not in letter.text


def test_a_name_makes_neither_links_nor_lines():
    letter = letter_to(evening(), "registration_going", name="[click](https://evil.example)\n\nWhen  never <b>")
    assert letter.text.startswith("Hello click https evil example When never b,\n\n")
    assert "<b>" not in letter.html


def test_a_plain_name_stays_as_it_was_written():
    letter = letter_to(evening(), "registration_going", name="J.R. O’Neil-Müller (he/him)")
    assert letter.text.startswith("Hello J.R. O’Neil-Müller (he/him),\n")


def test_guests_and_a_place_in_line_are_facts():
    event = EventFactory()
    ahead = RegistrationFactory(event=event, state=State.WAITING)
    mine = RegistrationFactory(event=event, state=State.WAITING, guests=2)
    text = letter_text(mine, "registration_waiting")
    assert "Waitlist  Number 2 in line\n" in text
    assert "Who       You and 2 guests\n" in text
    assert "Who  " not in letter_text(ahead, "registration_waiting")


def test_who_takes_part_online_gets_a_way_in_and_no_address_of_the_place():
    event = EventFactory(format="hybrid", online_url="https://meet.example/secret")
    text = letter_to(event, "registration_going", place="online").text
    assert "Where  Online\n" in text
    assert "Join online   https://lectern.example/join/" in text
    assert "secret" not in text


@pytest.mark.parametrize(("releases", "is_told"), [(True, True), (False, False)])
def test_silence_has_consequences_only_where_the_plan_says_so(releases, is_told):
    plan = PlanFactory(releases_silent_seats=releases)
    text = letter_to(plan.event, "registration_reconfirm").text
    assert ("Without your answer your place" in text) is is_told


def test_without_an_online_address_the_button_leads_to_ones_place():
    text = letter_to(EventFactory(format="online", venue=None), "registration_going", place="online").text
    assert "My place      https://lectern.example/r/" in text


@pytest.mark.parametrize("items", [1, 3])
def test_a_letter_costs_the_same_queries_whatever_the_programme(django_assert_num_queries, items):
    event = evening()
    event.sessions.exclude(pk__in=event.sessions.order_by("-starts_at")[:items]).delete()
    with django_assert_num_queries(5):  # own words, number, sessions, their speakers, talks of the round
        letter_to(event, "registration_going")


def test_an_invitation_promises_no_place_and_knows_no_account():
    with translation.override("en"):
        letter = event_letter("registration_invitation", invitation_values(evening()))
    assert "RSVP  https://lectern.example/events/neurips-and-the-cutting-edge/\n" in letter.text
    assert "/me/mail/" not in letter.html


def test_a_title_in_another_language_is_read_out_in_it():
    event = EventFactory(title="深度学习 & 你", language="zh-Hans")
    html = letter_to(event, "registration_going").html
    assert '>You’re going: <span lang="zh-Hans">深度学习 &amp; 你</span></h1>' in html
    assert 'class="h1 ink wide"' in html


def test_the_longest_letter_is_not_clipped():
    event = evening()
    event.group.name, event.title = "社" * 120, "题" * 200
    event.sessions.update(title="Long " * 50)
    letter = letter_to(event, "registration_going", name="名" * 120)
    assert len(letter.html.encode()) < GMAIL_CLIPS_AT / 4


def letter_text(registration, kind: str) -> str:
    """The text to somebody whose row is in the database."""
    with translation.override("en"):
        return event_letter(kind, letter_values(kind, registration)).text


class Anchors(HTMLParser):
    """Where the links lead, and which tags are still open."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.addresses.append(dict(attrs)["href"] or "")
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
