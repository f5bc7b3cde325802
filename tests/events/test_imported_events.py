"""Invite the site: drafts out of mails, updates that leave people's work alone, and what a mail can never do."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from events.models import Event, Group, ImportedEvent, Membership
from events.services.events import delete_draft, publish_event, revise_event
from events.services.imported_events import mail_address, make_mail_address
from inbox.models import InboundMail
from inbox.services import handle, receive
from outbox.models import Message
from outbox.writers import Letter, Skip, words_of
from tests.factories import EventFactory, GroupFactory, MembershipFactory, VenueFactory
from tests.races import at_once

pytestmark = pytest.mark.django_db
CORPUS = Path(__file__).parents[1] / "golden" / "inbound"
TOKEN = "w4x5y6z7a2b3c4d5"
MINUTE = dt.timedelta(minutes=1)


@dataclass
class Club:
    """Ada's group, whose secret address Cy's calendar knows."""

    group: Group
    now: dt.datetime

    def mail(self, name: str, changes: dict[str, str] | None = None, *, token: str = TOKEN) -> str:
        """What becomes of a mail of the corpus, with these words changed."""
        raw = (CORPUS / f"{name}.eml").read_bytes()
        for before, after in (changes or {}).items():
            raw = raw.replace(before.encode(), after.encode())
        mail = receive(raw=raw, recipient=f"plan+{token}@meet.example", source="pipe", now=self.now)
        handle(mail.pk, now=self.now)
        mail.refresh_from_db()
        return f"{mail.state}: {mail.outcome}"

    @property
    def event(self) -> Event:
        """The only one."""
        return Event.objects.get()

    def letters(self) -> list[tuple[str, str]]:
        """Kind and address, in order."""
        return list(Message.objects.order_by("pk").values_list("kind", "address"))


@pytest.fixture
def club(now: dt.datetime) -> Club:
    """Two people organise it; a host and a member hear nothing."""
    group = GroupFactory(name="Paper Club", mail_token=TOKEN)
    for name, role in (("ada", "organiser"), ("sam", "organiser"), ("hal", "host"), ("bo", "member")):
        MembershipFactory(group=group, user__email=f"{name}@example.org", role=role)
    return Club(group, now)


def facts(event: Event) -> tuple[Any, ...]:
    return event.title, f"{event.starts_at:%d %H:%M}", f"{event.ends_at:%d %H:%M}", event.format, event.status


def test_an_invitation_becomes_a_draft_and_organisers_hear_of_it_once(club: Club) -> None:
    outcome = club.mail("plan-google")
    again = club.mail("plan-google", {"Message-ID: <": "Message-ID: <again-"})

    assert (outcome, again) == (
        "applied: draft made: paper-club-december",
        "ignored: the same or a newer message about it is known",
    )
    event = club.event
    assert facts(event) == ("Paper club, December", "08 11:00", "08 13:00", "hybrid", "draft")
    assert (event.group, event.time_zone, event.venue) == (club.group, "Asia/Singapore", None)
    assert event.online_url == "https://meet.google.com/abc-defg-hij"
    assert event.description == (
        "We read Attention is all you need.\nBring questions & snacks.\n\n"
        "Where: NUS, 1 Example Street, Singapore 117371"
    )
    assert event.imported.organizer == "cy@example.org"
    assert club.letters() == [("import_drafted", "ada@example.org"), ("import_drafted", "sam@example.org")]


@pytest.mark.parametrize("name", ["nus", "NUS, 1 Example Street, Singapore 117371"])
def test_a_place_that_is_known_is_the_venue(club: Club, name: str) -> None:
    venue = VenueFactory(name=name)
    club.mail("plan-google")

    assert (club.event.venue, "Where" in club.event.description) == (venue, False)


def test_two_venues_of_one_name_are_none(club: Club) -> None:
    VenueFactory.create_batch(2, name="NUS")
    club.mail("plan-google")

    assert (club.event.venue, club.event.format) == (None, "hybrid")


@pytest.mark.parametrize(
    ("changes", "format_"),
    [
        ({"LOCATION:NUS": "X-L:NUS"}, "online"),
        ({"X-GOOGLE-CONFERENCE": "X-C"}, "in_person"),
        ({"https://meet.google.com/abc-defg-hij": "https://-.-/x"}, "in_person"),
    ],
)
def test_where_it_takes_place_says_its_format(club: Club, changes: dict[str, str], format_: str) -> None:
    club.mail("plan-google", changes)

    assert club.event.format == format_


def test_an_update_is_followed(club: Club) -> None:
    club.mail("plan-google")

    outcome = club.mail("plan-google-update")

    assert outcome == "applied: draft changed: paper-club-december"
    assert facts(club.event)[:3] == ("Paper club, 8 December", "08 11:30", "08 13:30")
    assert [kind for kind, _address in club.letters()] == ["import_drafted"] * 2


@pytest.mark.parametrize(
    ("edit", "kept", "title", "starts"),
    [
        ({"title": "Our paper club"}, "title", "Our paper club", "08 11:30"),
        ({"ends_at": dt.datetime(2026, 12, 8, 15, tzinfo=dt.UTC)}, "time", "Paper club, 8 December", "08 11:00"),
        ({"time_zone": "Asia/Tokyo"}, "time", "Paper club, 8 December", "08 11:00"),
        ({"online_url": ""}, "place", "Paper club, 8 December", "08 11:30"),
        ({"description": "Mine", "title": "Mine"}, "title, description", "Mine", "08 11:30"),
    ],
)
def test_what_a_person_has_edited_stays_theirs(
    club: Club, edit: dict[str, Any], kept: str, title: str, starts: str
) -> None:
    club.mail("plan-google")
    revise_event(event=club.event, now=club.now, **edit)

    outcome = club.mail("plan-google-update", {"Attention is": "Sleep is"})

    assert outcome == f"applied: draft changed: paper-club-december; kept as edited by hand: {kept}"
    assert facts(club.event)[:2] == (title, starts)
    assert {name: getattr(club.event, name) for name in edit} == edit
    assert ("Sleep is" in club.event.description) is ("description" not in edit)


def test_what_was_kept_once_is_kept_again(club: Club) -> None:
    club.mail("plan-google")
    revise_event(event=club.event, now=club.now, title="Ours")
    club.mail("plan-google-update")

    club.mail("plan-google-update", {"SEQUENCE:1": "SEQUENCE:3", "8 December": "ninth"})

    assert club.event.title == "Ours"


@pytest.mark.parametrize(
    ("changes", "is_followed"),
    [
        ({}, True),
        ({"SEQUENCE:1": "SEQUENCE:0"}, True),
        ({"SEQUENCE:1": "SEQUENCE:0", "20261117T130000Z": "20261117T120000Z"}, False),
        ({"20261117T130000Z": "20261117T110000Z"}, True),
    ],
)
def test_the_order_is_by_sequence_and_then_by_stamp(club: Club, changes: dict[str, str], is_followed: bool) -> None:
    club.mail("plan-google")
    club.mail("plan-google-update", changes)

    assert (club.event.title == "Paper club, 8 December") is is_followed


def test_an_update_that_comes_first_is_not_undone_by_what_it_updates(club: Club) -> None:
    club.mail("plan-google-update")

    assert club.mail("plan-google") == "ignored: the same or a newer message about it is known"
    assert club.event.title == "Paper club, 8 December"


def test_a_cancel_marks_the_draft_and_nothing_more(club: Club) -> None:
    club.mail("plan-google")

    assert club.mail("plan-google-cancel") == "applied: marked as called off by its organizer"
    assert (club.event.status, club.event.imported.called_off_at) == ("draft", club.now)
    assert [kind for kind, _address in club.letters()] == ["import_drafted"] * 2 + ["import_changed"] * 2


def test_who_calls_off_may_invite_again(club: Club) -> None:
    club.mail("plan-google")
    club.mail("plan-google-cancel")
    club.mail("plan-google-update", {"SEQUENCE:1": "SEQUENCE:3"})

    assert (club.event.imported.called_off_at, club.event.title) == (None, "Paper club, 8 December")


def test_a_cancel_of_what_never_came_is_nothing(club: Club) -> None:
    assert club.mail("plan-google-cancel") == "ignored: it calls off what never came"
    assert ImportedEvent.objects.count() == 0


def test_a_public_event_is_never_changed_by_a_mail(club: Club) -> None:
    club.mail("plan-google")
    publish_event(event=club.event, now=club.now)
    before = facts(club.event)

    outcomes = [
        club.mail("plan-google", {"20261117T120000Z": "20261117T123000Z"}),
        club.mail("plan-google-update"),
        club.mail("plan-google-cancel"),
    ]

    assert outcomes == [
        "ignored: it says what it said before",
        "applied: paper-club-december is public and was not changed: the organisers are told",
        "applied: marked as called off by its organizer",
    ]
    assert (facts(club.event), before[-1]) == (before, "published")
    assert [kind for kind, _address in club.letters()].count("import_changed") == 4


def test_a_draft_that_was_deleted_does_not_come_back(club: Club) -> None:
    club.mail("plan-google")
    delete_draft(event=club.event)

    assert club.mail("plan-google-update") == "ignored: its draft was deleted"
    assert club.mail("plan-google-cancel") == "ignored: its draft was deleted"
    assert Event.objects.count() == 0


def test_the_same_uid_in_another_group_is_another_event(club: Club) -> None:
    other = GroupFactory(mail_token="other")
    club.mail("plan-google")
    club.mail("plan-google-update", token="other")

    titles = dict(Event.objects.values_list("group", "title"))
    assert titles == {club.group.pk: "Paper club, December", other.pk: "Paper club, 8 December"}


def test_our_own_events_do_not_come_back_as_drafts(club: Club) -> None:
    ours = EventFactory(title="Ours")

    assert club.mail("plan-google", {"2v8ks6m4tq@google.com": str(ours.ical_uid)}) == (
        "ignored: it is an event of this site"
    )
    assert list(Event.objects.all()) == [ours]


def test_who_does_not_know_the_address_makes_nothing(club: Club) -> None:
    GroupFactory()

    for token in ("unknown", "", "None"):
        assert club.mail("plan-google", token=token).startswith("ignored: no")
    assert Event.objects.count() == 0


def test_a_new_address_ends_the_old_one(club: Club) -> None:
    address = make_mail_address(group=club.group)
    club.group.refresh_from_db()

    assert (address, len(club.group.mail_token or "")) == (mail_address(club.group), 16)
    assert address.lower() == address
    assert club.mail("plan-google") == "ignored: no group has this address"
    assert club.mail("plan-google", token=club.group.mail_token or "").startswith("applied: ")
    assert mail_address(GroupFactory()) == ""


def test_a_flood_of_invitations_ends_at_fifty_a_day(club: Club, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("events.services.imported_events.MOST_DRAFTS_A_DAY", 2)
    outcomes = [club.mail("plan-google", {"2v8ks6m4tq": f"uid-{number}"}) for number in range(3)]
    club.now += dt.timedelta(days=1)

    assert outcomes[2] == "ignored: this group got 2 drafts by mail within a day"
    assert club.mail("plan-google", {"2v8ks6m4tq": "uid-9"}) == "applied: draft made: paper-club-december-3"


def test_remarks_are_kept_for_who_completes_the_draft(club: Club) -> None:
    outcome = club.mail("plan-google", {"STATUS:CONFIRMED": "RRULE:FREQ=SECONDLY"})

    assert outcome.endswith("; it repeats: only its first date became a draft")
    assert club.event.imported.values["remarks"] == ["it repeats: only its first date became a draft"]


@pytest.mark.parametrize(
    "changes",
    [
        {"Paper club\\, December": "\\N\\n<script>alert(1)</script>" + "x" * 500},
        {"Paper club\\, December": "🎉" * 300},
        {"Paper club\\, December": ""},
        {"<p>We read": "<p>" + "![x](https://tracker.example/a.png)" * 200},
    ],
)
def test_hostile_words_make_a_harmless_draft(club: Club, changes: dict[str, str]) -> None:
    assert club.mail("plan-google", changes).startswith("applied: draft made: ")
    assert 0 < len(club.event.title) <= 200
    assert "\n" not in club.event.title


def test_what_cannot_be_opened_or_read_has_a_reason(club: Club) -> None:
    assert club.mail("plan-google", {"text/plain": "multipart/x; " * 40}) == (
        "ignored: the message has too many parts inside each other"
    )
    assert club.mail("plan-google", {"DTEND;": "X-E;", "DTSTART;": "X-S;"}) == "ignored: it has no DTSTART"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_letters_say_where_to_look(club: Club, language: str) -> None:
    Membership.objects.get(user__email="ada@example.org").user.__class__.objects.update(language=language)
    club.mail("plan-google")
    club.mail("plan-google-cancel")

    for kind in ("import_drafted", "import_changed"):
        words = words_of(Message.objects.filter(kind=kind)[0], now=club.now)
        assert isinstance(words, Letter)
        assert "Paper club, December" in words.subject
        assert f"/admin/events/event/{club.event.pk}/change/" in words.text
        assert "/events/paper-club-december/" not in words.text + words.html  # nobody can open a draft's page


def test_a_letter_about_a_draft_is_not_sent_once_it_is_none(club: Club) -> None:
    club.mail("plan-google")
    message = Message.objects.all()[0]
    publish_event(event=club.event, now=club.now)
    assert words_of(message, now=club.now) == Skip("the draft is published")

    Event.objects.all().delete()
    assert words_of(message, now=club.now) == Skip("the draft is deleted")


@pytest.mark.parametrize("venues", [1, 3])
def test_a_draft_costs_so_many_queries(club: Club, django_assert_num_queries: Any, venues: int) -> None:
    VenueFactory.create_batch(venues)
    raw = (CORPUS / "plan-google.eml").read_bytes()
    mail = receive(raw=raw, recipient=f"plan+{TOKEN}@meet.example", source="pipe", now=club.now)

    with django_assert_num_queries(31):
        handle(mail.pk, now=club.now)


@pytest.mark.django_db(transaction=True)
def test_an_invitation_and_its_update_at_once_are_one_draft(club: Club) -> None:
    pks = []
    for name in ("plan-google", "plan-google-update"):
        raw = (CORPUS / f"{name}.eml").read_bytes()
        pks.append(receive(raw=raw, recipient=f"plan+{TOKEN}@meet.example", source="pipe", now=club.now).pk)

    at_once(*[lambda pk=pk: handle(pk, now=club.now) for pk in pks * 2])

    assert club.event.title == "Paper club, 8 December"
    assert not InboundMail.objects.filter(state="waiting").exists()
