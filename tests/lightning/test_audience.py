"""Applause, one each; words that are the speaker's to share; and what stays of somebody who goes."""

import datetime as dt

import pytest

from accounts.models import User
from core.errors import RuleViolation
from lightning.clappers import clapper_of, clapper_of_mark
from lightning.models import Applause, Feedback, Talk
from lightning.selectors.audience import applause_count, given_by, has_applauded, shared_feedback
from lightning.services.audience import applaud, delete_feedback, forget_in_rounds, give_feedback, share_feedback
from tests.factories import TalkFactory, UserFactory
from tests.races import at_once

DAY = dt.timedelta(days=1)
BO, DEE = clapper_of_mark("bo"), clapper_of_mark("dee")


@pytest.fixture
def talk(db: None, now: dt.datetime) -> Talk:
    """It began now."""
    return TalkFactory(block__session__event__starts_at=now, started_at=now)


@pytest.fixture
def bo(db: None) -> User:
    return UserFactory()


def test_each_person_is_counted_once(talk: Talk, now: dt.datetime) -> None:
    assert [applaud(talk=talk, clapper=who, now=now) for who in (BO, BO, DEE)] == [True, False, True]
    assert (applause_count(talk), has_applauded(talk, BO), has_applauded(talk, "")) == (2, True, False)


def test_one_mark_tapped_at_once_is_one(transactional_db: None, now: dt.datetime) -> None:
    talk = TalkFactory(block__session__event__starts_at=now, started_at=now)
    done = at_once(*[lambda: applaud(talk=talk, clapper=BO, now=now)] * 8)
    assert (done, applause_count(talk)) == (["done"] * 8, 1)


@pytest.mark.parametrize(("days", "is_taken"), [(-0.01, False), (0, True), (6.99, True), (7, False)])
def test_the_audience_is_heard_for_a_week(talk: Talk, now: dt.datetime, days: float, is_taken: bool) -> None:
    heard = []
    for act in (
        lambda: applaud(talk=talk, clapper=BO, now=now + days * DAY),
        lambda: give_feedback(talk=talk, clapper=BO, name="", text="Good", now=now + days * DAY),
    ):
        try:
            act()
        except RuleViolation as refusal:
            heard.append(refusal.code)
    assert heard == ([] if is_taken else ["not_now"] * 2)


def test_words_are_cleaned_and_private(talk: Talk, now: dt.datetime) -> None:
    give_feedback(talk=talk, clapper=BO, name=" Bo\0\n B ", text=" Loved\r\n the\x07 demo \n", now=now)
    kept = Feedback.objects.get()
    assert (kept.name, kept.text, kept.shared_at) == ("Bo B", "Loved\n the  demo", None)
    assert list(shared_feedback(talk)) == []


@pytest.mark.parametrize(
    ("name", "text", "field"),
    [("", " \n\t", "text"), ("", "x" * 2001, "text"), ("x" * 121, "Good", "name")],
)
def test_words_that_cannot_be_kept_are_refused(talk: Talk, now: dt.datetime, name: str, text: str, field: str) -> None:
    with pytest.raises(RuleViolation) as refused:
        give_feedback(talk=talk, clapper=BO, name=name, text=text, now=now)
    assert (refused.value.field, Feedback.objects.count()) == (field, 0)


def test_the_speaker_shares_and_takes_back(talk: Talk, now: dt.datetime) -> None:
    words = give_feedback(talk=talk, clapper=BO, name="Bo", text="x" * 2000, now=now)
    share_feedback(feedback=words, is_shared=True, now=now)
    share_feedback(feedback=words, is_shared=True, now=now + DAY)
    assert [one.shared_at for one in shared_feedback(talk)] == [now]
    share_feedback(feedback=words, is_shared=False, now=now)
    assert list(shared_feedback(talk)) == []
    delete_feedback(feedback=words)
    assert list(talk.feedback.all()) == []


def test_other_words_are_not_those_that_were_shared(talk: Talk, now: dt.datetime) -> None:
    words = give_feedback(talk=talk, clapper=BO, name="Bo", text="Good", now=now)
    share_feedback(feedback=words, is_shared=True, now=now)
    give_feedback(talk=talk, clapper=BO, name="Bo", text="Buy shoes", now=now)
    assert ([one.text for one in talk.feedback.all()], list(shared_feedback(talk))) == (["Buy shoes"], [])


def test_of_who_goes_the_numbers_stay(talk: Talk, bo: User, now: dt.datetime) -> None:
    own = TalkFactory(block=talk.block, proposed_by=bo)
    for who in (clapper_of(bo), DEE):
        applaud(talk=talk, clapper=who, now=now)
        give_feedback(talk=talk, clapper=who, name="Somebody", text="Good", now=now)
    forget_in_rounds(user=bo, addresses=[bo.email])
    own.refresh_from_db()
    assert (own.proposed_by, Talk.history.filter(proposed_by=bo.pk).count()) == (None, 0)
    assert sorted(Feedback.objects.values_list("name", "text")) == [("", "Good"), ("Somebody", "Good")]
    assert [list(rows) for rows in given_by(bo)] == [[], []]
    assert (Applause.objects.count(), has_applauded(talk, DEE)) == (2, True)
