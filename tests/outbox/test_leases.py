"""Workers that die or oversleep: whose messages they held, and who sends them then."""

import contextlib
import datetime as dt
from collections.abc import Callable

import pytest

from outbox import writers
from outbox.delivery import leases, line, sweep
from outbox.delivery.letters import compose
from outbox.models import Attempt, Message, Policy, State
from outbox.writers import Letter
from tests.factories import MessageFactory
from tests.mail_server import MailServer
from tests.outbox.tries import outcomes

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 17, 12, 0, tzinfo=dt.UTC)


def let_the_lease_lapse(message: Message) -> None:
    Message.objects.filter(pk=message.pk).update(lease_until=NOON - dt.timedelta(days=1))


def lapsed(now: dt.datetime) -> list[tuple[str, int, int]]:
    """State, crashes and attempts of all messages after the leases of a dead worker are over."""
    Message.objects.exclude(lease_until=None).update(lease_until=NOON - dt.timedelta(days=1))
    sweep(now=now)
    return list(Message.objects.order_by("id").values_list("state", "crashes", "attempts"))


def test_leases_that_lapsed_before_sending_are_free_again_and_the_first_is_a_suspect(now: dt.datetime) -> None:
    MessageFactory.create_batch(3)
    leases.claim(now=now, limit=3)

    assert lapsed(now) == [(State.PENDING, 1, 0), (State.PENDING, 0, 0), (State.PENDING, 0, 0)]


def test_who_died_while_sending_may_have_died_of_the_next(now: dt.datetime) -> None:
    MessageFactory.create_batch(3)
    leases.fence(leases.claim(now=now, limit=3)[0])

    assert lapsed(now) == [(State.PENDING, 1, 1), (State.PENDING, 1, 0), (State.PENDING, 0, 0)]


@pytest.mark.parametrize("crashed_before", [(1, 0), (0, 1)])
def test_a_suspect_is_written_alone_so_nobody_else_is_blamed_again(
    crashed_before: tuple[int, int], now: dt.datetime
) -> None:
    for crashes in crashed_before:
        MessageFactory(crashes=crashes)
    leases.fence(leases.claim(now=now, limit=2)[0])

    assert lapsed(now) == [
        (State.PENDING, crashed_before[0] + 1, 1),
        (State.PENDING, crashed_before[1], 0),
    ]


def test_words_that_kill_five_workers_are_buried_and_the_others_left_first(
    mail_server: MailServer, drain_now: Callable[[], bool], now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def write(message: Message, now: dt.datetime) -> Letter:
        raise Killed

    monkeypatch.setitem(writers._writers, "poison", write)
    fine, poison = MessageFactory(), MessageFactory(kind="poison")
    MessageFactory()
    for _ in range(6):
        with contextlib.suppress(Killed):
            drain_now()
        lapsed(now)

    poison.refresh_from_db()
    fine.refresh_from_db()
    assert (poison.state, poison.last_error) == (State.DEAD, "Every worker that tried to write this died.")
    assert (fine.state, len(mail_server.mails)) == (State.SENT, 2)


def test_who_overslept_the_lease_keeps_their_hands_off(now: dt.datetime) -> None:
    MessageFactory()
    [message] = leases.claim(now=now, limit=1)
    let_the_lease_lapse(message)

    assert leases.fence(message) is False


def test_a_worker_that_died_while_sending_leads_to_a_second_copy_with_the_same_id(
    mail_server: MailServer, drain_now: Callable[[], bool], now: dt.datetime
) -> None:
    message = MessageFactory()
    [taken] = leases.claim(now=now, limit=1)
    assert leases.fence(taken)
    mail_line = line.Line()
    mail_line.open()
    mail_line.send(compose(taken))  # and dies before it could write that down
    mail_line.close()
    let_the_lease_lapse(taken)

    sweep(now=now)
    drain_now()

    message.refresh_from_db()
    assert (message.state, message.crashes, message.attempts) == (State.SENT, 1, 2)
    assert outcomes(message) == ["crashed", "sent"]
    assert mail_server.copies() == {message.message_id: 2}


def test_a_worker_that_died_sending_what_must_not_come_twice_leaves_it_to_a_person(now: dt.datetime) -> None:
    MessageFactory(policy=Policy.AT_MOST_ONCE)
    [message] = leases.claim(now=now, limit=1)
    leases.fence(message)
    let_the_lease_lapse(message)

    assert sweep(now=now) is False

    message.refresh_from_db()
    assert (message.state, message.crashes) == (State.UNCERTAIN, 1)


def test_a_message_that_kills_five_workers_is_buried(now: dt.datetime) -> None:
    message = MessageFactory()
    states = []
    for _ in range(5):
        [taken] = leases.claim(now=now, limit=1)
        leases.fence(taken)
        let_the_lease_lapse(taken)
        sweep(now=now)
        message.refresh_from_db()
        states.append(message.state)

    assert states == [State.PENDING] * 4 + [State.DEAD]
    assert outcomes(message) == ["crashed"] * 5


def test_who_comes_late_but_did_send_it_saves_the_second_copy(
    mail_server: MailServer, drain_now: Callable[[], bool], now: dt.datetime
) -> None:
    message = MessageFactory()
    [slow] = leases.claim(now=now, limit=1)
    leases.fence(slow)
    let_the_lease_lapse(slow)
    sweep(now=now)

    leases.settle(leases.Result(slow, line.Verdict(Attempt.Outcome.SENT, 250), now, now))
    drain_now()

    message.refresh_from_db()
    assert (message.state, outcomes(message), mail_server.mails) == (State.SENT, ["crashed", "sent"], [])


def test_a_message_deleted_while_it_is_sent_is_no_error(now: dt.datetime) -> None:
    MessageFactory()
    [message] = leases.claim(now=now, limit=1)
    Message.objects.all().delete()

    leases.settle(leases.Result(message, line.Verdict(Attempt.Outcome.SENT, 250), now, now))

    assert Attempt.objects.count() == 0


def two_of_which_one_was_sent(now: dt.datetime) -> tuple[leases.Result, Message]:
    MessageFactory.create_batch(2)
    sent, following = leases.claim(now=now, limit=2)
    leases.fence(sent)
    return leases.Result(sent, line.Verdict(Attempt.Outcome.SENT, 250), now, now), following


def states(*messages: Message) -> list[tuple[str, int, list[str]]]:
    rows = Message.objects.filter(pk__in=[message.pk for message in messages]).order_by("pk")
    return [(row.state, row.attempts, outcomes(row)) for row in rows]


def test_one_commit_settles_a_mail_and_fences_the_next(now: dt.datetime) -> None:
    result, following = two_of_which_one_was_sent(now)

    assert leases.settle_and_fence(result, following) is True

    assert states(result.message, following) == [(State.SENT, 1, ["sent"]), (State.SENDING, 1, [])]
    assert following.attempts == 1


def test_a_next_one_that_was_overslept_is_not_fenced_and_the_sent_one_settled_all_the_same(now: dt.datetime) -> None:
    result, following = two_of_which_one_was_sent(now)
    let_the_lease_lapse(following)

    assert leases.settle_and_fence(result, following) is False

    assert states(result.message, following) == [(State.SENT, 1, ["sent"]), (State.LEASED, 0, [])]


@pytest.mark.parametrize("is_deleted", [True, False])
def test_a_sent_one_that_is_no_longer_ours_does_not_keep_the_next_from_its_fence(
    is_deleted: bool, now: dt.datetime
) -> None:
    result, following = two_of_which_one_was_sent(now)
    others = Message.objects.filter(pk=result.message.pk)
    if is_deleted:
        others.delete()
    else:
        others.update(state=State.DEAD, finished_at=now, lease_token=None, lease_until=None)

    assert leases.settle_and_fence(result, following) is True

    expected = [(State.SENDING, 1, [])] if is_deleted else [(State.DEAD, 1, ["sent"]), (State.SENDING, 1, [])]
    assert states(result.message, following) == expected
