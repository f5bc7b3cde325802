"""What letters about talks say, to the byte."""

import os
import re
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import translation

from events.letters import event_letter
from events.models import MailText, Room
from lightning import notifications
from lightning.models import Block, Talk
from lightning.talk_letters import REWORDABLE, sample_values
from outbox.models import Message
from outbox.text_layout import COLUMNS, width
from outbox.writers import Letter, words_of
from tests.factories import MembershipFactory, SpeakerFactory, UserFactory
from tests.lightning.letter_cast import DAY, MINUTE, call_for, offer_for
from tests.registrations.letter_samples import EVENING, evening

pytestmark = pytest.mark.django_db

GOLDEN = Path(__file__).parents[1] / "golden" / "mails"
ROUND = EVENING + 105 * MINUTE
TOLD = EVENING - 9 * DAY


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SITE_URL = "https://lectern.example"
    settings.SECRET_KEY = "golden"


@pytest.fixture
def talk() -> Talk:
    """Cy's, the last of three; a fair draw; Ada organises."""
    event = evening()
    MembershipFactory(group=event.group, user=UserFactory(name="Ada"), role="organiser")
    block = Block.objects.get()
    call_for(block, "draw")
    block.session.room = Room.objects.create(venue=event.venue, name="Level 3 Theatre")
    event.event_rooms.create(room=block.session.room)
    block.session.save()
    _first, second, third = block.talks.order_by("position")
    second.talk_speakers.create(speaker=SpeakerFactory(name="Thia Teo"))
    Talk.objects.filter(pk=second.pk).update(title="What a transformer sees")
    third.talk_speakers.create(speaker=SpeakerFactory(name="Cy", email="cy@example.org"))
    fields = {"ical_uid": uuid.UUID(int=7), "title": "Small models, large gains", "told_state": "accepted"}
    Talk.objects.filter(pk=third.pk).update(**fields, told_at=TOLD)
    return stored()


def stored() -> Talk:
    """As the database has it now."""
    return Talk.objects.select_related("block__session__event__group").get(ical_uid=uuid.UUID(int=7))


def became(state: str, **fields: object) -> Talk:
    """The talk in this state."""
    slot = {} if state in Talk.IN_LINEUP else {"position": None}
    Talk.objects.filter(ical_uid=uuid.UUID(int=7)).update(state=state, **slot, **fields)
    return stored()


def received(state: str, **fields: object) -> None:
    notifications.proposal_received(became(state, proposed_by=UserFactory().pk, **fields), now=TOLD)


def told(state: str, **fields: object) -> None:
    notifications.decision_told(became(state, **fields), now=TOLD)


def chased(number: int) -> None:
    notifications.confirmation_chased(became("accepted"), number=number, now=TOLD)


def offered() -> None:
    notifications.slot_offered(offer_for(became("stand_by", queue_position=4), TOLD), now=TOLD)


def offer_ran_out() -> None:
    offer = offer_for(became("stand_by"), TOLD, state="expired", answered_at=TOLD)
    notifications.offer_expired(offer, now=TOLD)


def called_up(*, is_next: bool) -> None:
    notifications.called_up(became("confirmed"), is_next=is_next, expected_at=ROUND + 12 * MINUTE, now=ROUND)


SAID: dict[str, Callable[[], None]] = {
    "talk_received": lambda: received("submitted"),
    "talk_confirm": lambda: received("accepted"),
    "talk_slot": lambda: told("confirmed"),
    "talk_stand_by": lambda: told("stand_by", queue_position=4),
    "talk_accepted": lambda: told("accepted"),
    "talk_declined": lambda: told("declined"),
    "talk_chased": lambda: chased(1),
    "talk_chased_again": lambda: chased(2),
    "talk_slot_offered": offered,
    "talk_offer_expired": offer_ran_out,
    "talk_slides_due": lambda: notifications.slides_due(became("confirmed"), now=TOLD),
    "talk_running_order": lambda: notifications.running_order_told(became("confirmed"), now=TOLD),
    "talk_next_but_one": lambda: called_up(is_next=False),
    "talk_next": lambda: called_up(is_next=True),
    "talk_withdrawn": lambda: notifications.talk_withdrawn(became("withdrawn"), now=TOLD),
    "talk_unconfirmed": lambda: notifications.unconfirmed_flagged(stored().block, [became("accepted")], now=TOLD),
}
NUMBERS = re.compile(r"(/lineup/|reminders:group:)[^/]+/")  # of rows
IN_HTML = ("talk_accepted", "talk_running_order")


def letter_about(name: str, language: str = "en") -> Letter:
    """As it would leave."""
    SAID[name]()
    Message.objects.update(language=language)
    letter = words_of(Message.objects.get(), now=TOLD)
    assert isinstance(letter, Letter)
    return letter


@pytest.mark.parametrize("name", SAID)
def test_a_letter_reads_as_it_was_agreed(talk, name):
    """Run with UPDATE_GOLDEN=1 to accept what changed."""
    letter = letter_about(name)
    shown = {"txt": f"{letter.subject}\n\n{letter.text}"} | ({"html": letter.html} if name in IN_HTML else {})
    shown = {ending: NUMBERS.sub(r"\1…/", text) for ending, text in shown.items()}
    files = {ending: GOLDEN / f"{name}.en.{ending}" for ending in shown}
    if os.environ.get("UPDATE_GOLDEN"):
        for ending, text in shown.items():
            files[ending].write_text(text)
    assert shown == {ending: file.read_text() for ending, file in files.items()}


@pytest.mark.parametrize("name", SAID)
def test_no_line_of_chinese_text_is_wider_than_a_terminal_but_for_addresses(talk, name):
    lines = [line for line in letter_about(name, "zh-hans").text.splitlines() if "https://" not in line]
    assert [line for line in lines if width(line) > COLUMNS or (line != "-- " and line != line.rstrip())] == []


@pytest.mark.parametrize("name", SAID)
def test_text_and_html_say_the_same(talk, name):
    letter = letter_about(name)
    links = [word for word in letter.text.split() if word.startswith("https://lectern.example/")][:-1]
    assert [link for link in links if f'href="{link}"' not in letter.html] == []
    assert letter.html.count('class="btn" bgcolor') == 1  # one primary button


@pytest.mark.parametrize("kind", REWORDABLE)
def test_a_group_may_say_yes_and_no_in_its_own_words(talk, kind):
    group = talk.block.session.event.group
    MailText.objects.create(
        group=group, kind=kind, language="en", subject="{session}: {event}", text="Dear {name},\n\nabout {session}."
    )
    letter = letter_about(kind)
    assert letter.subject == "Small models, large gains: NeurIPS and the Cutting Edge"
    assert letter.text.startswith("Dear Cy,\n\nabout Small models, large gains.\n\nNeurIPS")


@pytest.mark.parametrize("kind", REWORDABLE)
def test_its_preview_needs_no_rows(kind):
    event = evening()
    with translation.override("en"):
        letter = event_letter(kind, sample_values(kind, event, REWORDABLE[kind][1]))
    assert letter.text.startswith("Hello Cy,\n")
    assert ("Your slot  Number 3, 19:12 to 19:17" in letter.text) is (kind == "talk_accepted")


def test_titles_and_names_make_neither_lines_nor_markup(talk):
    Talk.objects.update(title="<b>One\n\nWhen  never")
    talk.talk_speakers.get().speaker.__class__.objects.update(name="[x](https://evil.example)")
    letter = letter_about("talk_running_order")
    assert "Your talk   <b>One When never\n" in letter.text
    assert [word in letter.html for word in ("<b>", "evil.example")] == [False, False]


def test_who_has_neither_title_nor_time_is_told_all_the_same(talk):
    Talk.objects.update(title="")
    session = talk.block.session
    type(session).objects.filter(pk=session.pk).update(starts_at=None)
    letter = letter_about("talk_slot")
    assert "Your talk" not in letter.text.splitlines()[0]
    assert "Your slot  Number 3\n" in letter.text
