"""Proposing a talk: what becomes of it, whose it is, what is refused; and what its speaker may do about it later."""

import pytest

from core.errors import RuleViolation
from events.models import CalendarInvite, Event, Session
from events.services.programme import cancel_session, revise_session
from lightning.models import Stage, Talk
from lightning.proposal import NOT_AN_ADDRESS, Proposal
from lightning.services.proposing import (
    confirm_talk,
    decline_talk,
    edit_proposal,
    link_of,
    propose,
    withdraw_talk,
)
from lightning.services.speaker_invites import settle_speakers
from lightning.web_address import NotAnAddress, Wrong, whole_address
from outbox.models import Message
from speakers.models import Speaker
from tests.factories import (
    AffiliationFactory,
    MembershipFactory,
    SpeakerFactory,
    TalkFactory,
    TopicFactory,
    UserFactory,
)
from tests.lightning.rounds import DAY, HOUR, MINUTE, a_call, proposed, queued, standing

pytestmark = pytest.mark.django_db


def refusal(call, now, user=None, **wish) -> tuple[str, str | None]:
    before = (Talk.objects.count(), Speaker.objects.count(), Message.objects.count())
    with pytest.raises(RuleViolation) as refused:
        proposed(call, now, user, **wish)
    assert (Talk.objects.count(), Speaker.objects.count(), Message.objects.count()) == before
    return refused.value.code, refused.value.field


def test_a_stranger_gets_the_next_slot_and_a_letter(now):
    topic = TopicFactory()
    call = a_call(now, taken=1)
    talk = proposed(
        call, now, title=" Fast\tlanes ", link="GitHub.com/dee", notes="a\r\nb", topics=(topic,), is_first_talk=True
    )
    talk.refresh_from_db()
    assert (talk.title, talk.notes, talk.state, talk.position, talk.is_first_talk) == (
        "Fast lanes",
        "a\nb",
        "accepted",
        1,
        True,
    )
    assert (talk.told_state, talk.told_at, talk.proposed_by) == ("accepted", now, None)
    assert (link_of(talk).url, link_of(talk).kind, list(talk.topics.all())) == (
        "https://github.com/dee",
        "code",
        [topic],
    )
    dee = talk.speakers.get()
    assert (dee.name, dee.email, dee.is_listed, dee.user) == ("Dee", "dee@example.org", False, None)
    assert queued() == [("talk_received", "dee@example.org")]


def test_who_is_signed_in_is_confirmed_at_once_under_the_claimed_profile(now):
    cy = SpeakerFactory(name="Cy", user=UserFactory(name="Cyrus", email="cy@example.org"))
    AffiliationFactory(speaker=cy, organisation="Example Labs")
    talk = proposed(a_call(now), now, cy.user, name="Somebody else")
    part = talk.talk_speakers.get()
    assert (talk.state, talk.proposed_by, part.speaker, part.affiliation) == ("confirmed", cy.user, cy, "Example Labs")
    cy.refresh_from_db()
    assert (cy.name, queued()) == ("Cy", [("talk_received", "cy@example.org")])


@pytest.mark.parametrize(("is_listed", "name", "is_claimed"), [(False, "Bo", True), (True, "Dee", False)])
def test_a_row_with_their_address_is_used_and_only_a_hidden_one_becomes_theirs(now, is_listed, name, is_claimed):
    bo = UserFactory(name="Bo", email="bo@example.org")
    row = SpeakerFactory(name="Dee", email="Bo@example.org", is_listed=is_listed)
    talk = proposed(a_call(now), now, bo, name="")
    row.refresh_from_db()
    assert (talk.speakers.get(), row.name, row.user == bo) == (row, name, is_claimed)


def test_an_account_without_any_name_is_asked_for_one(now):
    nobody = UserFactory(name="")
    assert refusal(a_call(now), now, nobody, name="") == ("name_missing", "name")


@pytest.mark.parametrize("is_claimed", [True, False])
def test_a_strangers_word_neither_shows_nor_uses_a_known_speakers_row_until_the_mail_is_answered(now, is_claimed):
    cy = SpeakerFactory(name="Cy", email="" if is_claimed else "cy@example.org")
    if is_claimed:
        Speaker.objects.filter(pk=cy.pk).update(user=UserFactory(email="cy@example.org"))
    talk = proposed(a_call(now), now, name="Mallory", email="Cy@example.org")
    stand_in = talk.speakers.get()
    assert (stand_in.name, stand_in.email, stand_in.is_listed, stand_in == cy) == ("Mallory", "", False, False)
    assert [(kind, address.lower()) for kind, address in queued()] == [("talk_received", "cy@example.org")]
    confirm_talk(talk=talk, now=now)
    talk.refresh_from_db()
    cy.refresh_from_db()
    assert (talk.speakers.get(), cy.name, talk.proposer_email) == (cy, "Cy", "")
    assert Speaker.objects.count() == 1


@pytest.mark.parametrize(
    ("policy", "ahead", "taken", "stranger", "known"),
    [
        ("first_come", 10 * DAY, 0, "accepted", "confirmed"),
        ("first_come", 10 * DAY, 3, "stand_by", "stand_by"),
        ("first_come", -5 * MINUTE, 0, "accepted", "confirmed"),
        ("curated", 10 * DAY, 0, "submitted", "submitted"),
        ("curated", 30 * MINUTE, 0, "accepted", "confirmed"),
        ("draw", 10 * DAY, 0, "submitted", "submitted"),
        ("draw", 30 * MINUTE, 0, "stand_by", "stand_by"),
    ],
)
def test_what_becomes_of_it_follows_from_the_call(now, policy, ahead, taken, stranger, known):
    call = a_call(now, ahead=ahead, taken=taken, policy=policy)
    talks = [proposed(call, now), proposed(call, now, UserFactory(), title="Slow")]
    assert [talk.state for talk in talks] == [stranger, known]
    assert [kind for kind, _address in queued()] == ["talk_received"] * 2


def test_nobody_overtakes_who_stands_by(now):
    call = a_call(now, slots=1, taken=1)
    waiting = proposed(call, now)
    Talk.objects.filter(state="confirmed").delete()
    late = proposed(call, now, title="Late", email="late@example.org")
    assert [(talk.state, talk.queue_position) for talk in (waiting, late)] == [("stand_by", 1), ("stand_by", 2)]


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        ({"name": ""}, ("name_missing", "name")),
        ({"name": "  "}, ("name_missing", "name")),
        ({"name": "Dee\r\nBcc: all@example.org"}, ("name_unprintable", "name")),
        ({"name": "Dee\u202eXX\x07"}, ("name_unprintable", "name")),
        ({"name": "x" * 121}, ("name_too_long", "name")),
        ({"title": " "}, ("title_missing", "title")),
        ({"title": "a\nb"}, ("title_unprintable", "title")),
        ({"title": "x" * 91}, ("title_too_long", "title")),
        ({"email": ""}, ("email_missing", "email")),
        ({"email": "dee@example.org, bo@example.org"}, ("email_wrong", "email")),
        ({"email": "dee@example.org\nBcc: bo@example.org"}, ("email_wrong", "email")),
        ({"email": "d\u0131e@example.org"}, ("email_wrong", "email")),
        ({"link": "githb,com/rayan"}, ("link_comma", "link")),
        ({"link": "javascript:alert(1)"}, ("link_scheme", "link")),
        ({"link": "https://" + "x" * 500}, ("link_long", "link")),
        ({"notes": "x" * 1001}, ("notes_too_long", "notes")),
        ({"notes": "a\x00b"}, ("notes_unprintable", "notes")),
    ],
)
def test_what_is_wrong_is_said_on_its_field_and_nothing_is_written(now, wish, expected):
    assert refusal(a_call(now), now, **wish) == expected


def test_more_than_five_topics_are_refused(now):
    topics = tuple(TopicFactory() for _ in range(6))
    assert refusal(a_call(now), now, topics=topics) == ("too_many_topics", "topics")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("", ""),
        ("  ", ""),
        ("github.com/rayan", "https://github.com/rayan"),
        (" HTTP://GitHub.com/Rayan ", "http://github.com/Rayan"),
        ("github.com:8080/x?y=1#z", "https://github.com:8080/x?y=1#z"),
        ("例え.jp/話", "https://例え.jp/話"),
    ],
)
def test_a_link_is_made_whole(text, address):
    assert whole_address(text) == address


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("githb,com/rayan", Wrong.COMMA),
        ("git hub.com", Wrong.BLANK),
        ("github.com\n", None),
        ("a\x07.com", Wrong.BLANK),
        ("dee@example.org", Wrong.EMAIL),
        ("mailto:dee@example.org", Wrong.EMAIL),
        ("https://bo:secret@example.org", Wrong.EMAIL),
        ("ftp://example.org/x", Wrong.SCHEME),
        ("data:text/html,x", Wrong.SCHEME),
        ("github", Wrong.OTHER),
        ("localhost/x", Wrong.OTHER),
        ("https://", Wrong.OTHER),
        ("https://[::1", Wrong.OTHER),
        ("192.168.0.1", Wrong.OTHER),
        ("a..b.com", Wrong.OTHER),
        ("example.org:99999", Wrong.OTHER),
        ("x.org/" + "y" * 500, Wrong.LONG),
    ],
)
def test_what_is_no_link_is_told_apart(text, wrong):
    if wrong is None:
        assert whole_address(text) == "https://github.com"
        return
    with pytest.raises(NotAnAddress) as refused:
        whole_address(text)
    assert (refused.value.wrong, wrong in NOT_AN_ADDRESS) == (wrong, True)


@pytest.mark.parametrize("is_known", [True, False])
def test_the_same_form_twice_is_one_talk_and_one_letter(now, is_known):
    call, user = a_call(now), UserFactory() if is_known else None
    first = proposed(call, now, user, key="abc")
    again = proposed(call, now + 30 * DAY, user, key="abc", title="Changed meanwhile")
    assert (again, Talk.objects.count(), len(queued())) == (first, 1, 1)


def test_a_key_opens_nobody_elses_talk(now):
    call = a_call(now)
    talks = {
        proposed(call, now, user, key="abc", email=email).pk
        for user, email in ((None, "dee@example.org"), (None, "bo@example.org"), (UserFactory(), ""))
    }
    assert len(talks) == 3


def test_the_same_title_again_is_the_same_talk_for_an_account_and_another_one_for_a_stranger(now):
    call, bo = a_call(now, slots=9), UserFactory()
    assert proposed(call, now, bo) == proposed(call, now, bo, title="FAST")
    assert proposed(call, now, bo) != proposed(call, now, bo, title="Slow")
    assert proposed(call, now) != proposed(call, now)


@pytest.mark.parametrize(
    ("ahead", "fields", "words"),
    [
        (10 * DAY, {"opens_before": 3 * DAY}, "Talks can be proposed from Wednesday 25 November at 02:00."),
        (
            90 * MINUTE,
            {},
            "Proposals are closed. Sign up on the night: from Wednesday 18 November at 02:30, at the round.",
        ),
        (90 * MINUTE, {"is_open_on_the_night": False}, "Proposals are closed."),
        (-HOUR, {}, "This round is over."),
    ],
)
def test_a_closed_call_says_why_and_when_it_opens(now, ahead, fields, words):
    call = a_call(now, ahead=ahead, **fields)
    with pytest.raises(RuleViolation) as refused:
        proposed(call, now)
    assert (refused.value.message, Talk.objects.count()) == (words, 0)


@pytest.mark.parametrize("status", ["draft", "postponed", "cancelled"])
def test_what_is_not_on_takes_nothing(now, status):
    call = a_call(now)
    Event.objects.update(status=status)
    assert refusal(call, now) == (f"call_{status}", None)


def test_a_cancelled_round_takes_nothing(now):
    call = a_call(now)
    cancel_session(session=call.block.session, now=now)
    assert refusal(call, now) == ("call_cancelled", None)


def test_a_talk_is_edited_until_the_round_starts(now):
    call, topic = a_call(now), TopicFactory()
    talk = proposed(call, now, link="github.com/dee")
    for link, kept in (("github.com/dee/fast", "https://github.com/dee/fast"), ("", None), ("a.org", "https://a.org")):
        wish = Proposal(title="Faster", link=link, notes="More", topics=(topic,), is_first_talk=True)
        talk = edit_proposal(talk=talk, wish=wish, now=now + HOUR)
        assert (link_of(talk).url if link_of(talk) else None) == kept
    assert (talk.title, talk.notes, list(talk.topics.all()), talk.revised_at) == ("Faster", "More", [topic], now + HOUR)
    assert (talk.sequence, talk.state) == (0, "accepted")
    with pytest.raises(RuleViolation) as refused:
        edit_proposal(talk=talk, wish=Proposal(title="Late"), now=now + 10 * DAY)
    assert refused.value.code == "round_started"


def test_confirming_twice_is_confirming_once(now):
    talk = proposed(a_call(now), now)
    assert confirm_talk(talk=talk, now=now).state == "confirmed"
    assert confirm_talk(talk=talk, now=now + HOUR).told_at == now


@pytest.mark.parametrize("leave", [withdraw_talk, decline_talk])
def test_who_leaves_frees_the_slot_organisers_hear_of_it_and_the_next_is_asked(now, leave):
    call = a_call(now, slots=1)
    ada = UserFactory(name="Ada", email="ada@example.org")
    MembershipFactory(group=call.block.session.event.group, user=ada, role="organiser")
    talk = proposed(call, now)
    proposed(call, now, title="Next", email="next@example.org")
    leave(talk=talk, now=now)
    leave(talk=talk, now=now + HOUR)
    assert standing(call.block) == [("Fast", "withdrawn", None, None), ("Next", "stand_by", None, 1)]
    assert queued()[2:] == [("talk_withdrawn", "ada@example.org"), ("talk_slot_offered", "next@example.org")]


@pytest.mark.parametrize("state", ["given", "declined", "no_show"])
def test_what_is_decided_otherwise_cannot_be_moved_by_its_speaker(now, state):
    talk = TalkFactory(block=a_call(now).block, state=state)
    for move in (withdraw_talk, decline_talk, confirm_talk):
        with pytest.raises(RuleViolation) as refused:
            move(talk=talk, now=now)
        assert refused.value.code == "wrong_state"


def test_who_is_next_on_a_running_stage_tells_the_host_instead(now):
    talk = proposed(a_call(now, ahead=MINUTE), now)
    stage = Stage.objects.create(block=talk.block, talk=talk, state="between", changed_at=now)
    with pytest.raises(RuleViolation) as refused:
        withdraw_talk(talk=talk, now=now)
    assert refused.value.code == "on_stage"
    stage.delete()
    assert withdraw_talk(talk=talk, now=now).state == "withdrawn"


def test_a_moved_round_moves_its_talks_and_the_invites_of_their_speakers(now):
    call = a_call(now, slots=3)
    talk = proposed(call, now, UserFactory(email="bo@example.org"))
    later = now + 10 * MINUTE
    for model in (Event, Session, Talk):
        model.objects.update(revised_at=now)  # auto_now_add would say today
    settle_speakers(later)
    before = CalendarInvite.objects.get()
    session = call.block.session
    revise_session(session=session, now=later, starts_at=session.starts_at + HOUR)
    settle_speakers(later + 10 * MINUTE)
    after = CalendarInvite.objects.get()
    assert (after.uid, before.sequence, after.sequence) == (talk.ical_uid, 0, 1)
    assert [message.payload["change"] for message in Message.objects.filter(kind="calendar_invite").order_by("id")] == [
        "invited",
        "date",
    ]
    assert after.told["starts_at"] != before.told["starts_at"]


def test_a_proposal_costs_the_same_however_many_there_are(now, django_assert_num_queries):
    call = a_call(now, slots=9)
    for number in range(3):
        user = SpeakerFactory(user=UserFactory()).user
        with django_assert_num_queries(40):
            propose(call=call, wish=Proposal(title=f"T{number}"), user=user, is_proven=True, now=now)
