"""At the door: every answer a phone can get, replays, and the list."""

import datetime as dt
import uuid

import pytest
from django.core.cache import cache

from registrations.models import CheckIn, Registration, RegistrationChange, Seats
from registrations.selectors.door import door_list
from registrations.selectors.plans import plan_of_event
from registrations.services import door
from registrations.services.door import Result, Scan, record_scan, record_scans
from registrations.services.leaving import leave
from registrations.services.registering import register
from registrations.services.wishes import Wish
from registrations.states import State
from registrations.tickets import ticket_code
from tests.factories.accounts import UserFactory
from tests.factories.events import EventFactory, MembershipFactory
from tests.factories.registrations import PlanFactory, RegistrationFactory

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def evening(db, now):
    """An event that begins in half an hour, with ten seats in the room and five online."""
    cache.clear()
    event = EventFactory(starts_at=now + 30 * MINUTE, group__is_listed=True)
    PlanFactory(event=event, room=10, online=5, max_guests=2)
    return event


@pytest.fixture
def ada(evening):
    """She organises, and stands at the door."""
    return MembershipFactory(group=evening.group, user=UserFactory(name="Ada"), role="organiser").user


@pytest.fixture
def host(evening):
    """He helps at the door."""
    return MembershipFactory(group=evening.group, user=UserFactory(name="Hal"), role="host").user


def rsvp(event, now, *, name="Bo", **wish) -> Registration:
    """Somebody with a confirmed address."""
    plan, user = plan_of_event(event.pk), UserFactory(name=name)
    return register(plan=plan, user=user, wish=Wish(name=name, **wish), is_proven=True, now=now).registration


def act(event, by, now, *, of=None, action="in", at=None, act_id=None, door_name="", ticket=""):
    """One act, by default of a whole ticket, at this moment."""
    code = ticket or ticket_code(of)
    scan = Scan(id=act_id or uuid.uuid4(), action=action, at=at or now, ticket=code, door=door_name)
    return record_scan(event=event, scan=scan, by=by, now=now)


def taken(event, place="room") -> int:
    return Seats.objects.get(plan__event=event, place=place).taken


def state_of(registration) -> str:
    return Registration.objects.get(pk=registration.pk).state


def test_a_ticket_opens_the_door_once(evening, host, now):
    bo = rsvp(evening, now)
    first = act(evening, host, now, of=bo, door_name="Main door")
    second = act(evening, host, now + MINUTE, of=bo)
    assert (first.result, second.result) == (Result.CHECKED_IN, Result.ALREADY_IN)
    assert (second.since.at, second.since.door, second.since.by) == (now, "Main door", host)
    assert (state_of(bo), CheckIn.objects.count()) == (State.CHECKED_IN, 1)


def test_checking_in_and_undoing_takes_and_gives_no_seat(evening, host, now):
    bo = rsvp(evening, now, guests=2)
    before = taken(evening)
    act(evening, host, now, of=bo)
    inside = taken(evening)
    act(evening, host, now, of=bo, action="undo")
    assert (before, inside, taken(evening)) == (3, 3, 3)


def test_guests_are_counted_with_the_person_who_brings_them(evening, host, now):
    bo = rsvp(evening, now, guests=2)
    rsvp(evening, now, name="Cy")
    act(evening, host, now, of=bo)
    found = door_list(evening)
    assert (found.here_count, found.expected_count, found.walk_in_count) == (3, 4, 0)


def test_an_undone_check_in_is_as_if_it_had_not_been_and_both_are_kept(evening, host, now):
    bo = rsvp(evening, now)
    act(evening, host, now, of=bo)
    undone = act(evening, host, now + MINUTE, of=bo, action="undo")
    again = act(evening, host, now + 2 * MINUTE, of=bo)
    assert (undone.result, again.result) == (Result.UNDONE, Result.CHECKED_IN)
    assert list(CheckIn.objects.order_by("at").values_list("action", flat=True)) == ["in", "undo", "in"]


def test_there_is_nothing_to_undo_for_who_is_not_in(evening, host, now):
    assert act(evening, host, now, of=rsvp(evening, now), action="undo").result == Result.NOT_IN


def test_who_was_missed_and_came_after_all_is_missed_again_when_that_is_undone(evening, host, now):
    bo = RegistrationFactory(event=evening, state=State.NO_SHOW)
    came = act(evening, host, now, of=bo).result
    act(evening, host, now, of=bo, action="undo")
    assert (came, state_of(bo)) == (Result.CHECKED_IN, State.NO_SHOW)


def test_a_ticket_of_another_event_names_it(evening, host, now):
    other = EventFactory(title="Data Science SG")
    answer = act(evening, host, now, of=RegistrationFactory(event=other))
    assert (answer.result, answer.other, answer.registration) == (Result.WRONG_EVENT, other, None)


@pytest.mark.parametrize(
    ("state", "result"),
    [
        (State.GOING, Result.CHECKED_IN),
        (State.NO_SHOW, Result.CHECKED_IN),
        (State.CHECKED_IN, Result.ALREADY_IN),
        (State.CANCELLED, Result.CANCELLED),
        (State.DECLINED, Result.CANCELLED),
        (State.PENDING, Result.NOT_GOING),
        (State.REQUESTED, Result.NOT_GOING),
        (State.WAITING, Result.NOT_GOING),
        (State.OFFERED, Result.NOT_GOING),
    ],
)
def test_every_state_has_its_answer(evening, host, now, state, result):
    until = now + MINUTE if state == State.OFFERED else None
    row = RegistrationFactory(event=evening, state=state, offer_until=until)
    answer = act(evening, host, now, of=row)
    assert (answer.result, answer.registration) == (result, row)
    assert CheckIn.objects.count() == (result == Result.CHECKED_IN)


def test_who_takes_part_online_has_no_seat_in_the_room(evening, host, now):
    assert act(evening, host, now, of=rsvp(evening, now, place="online")).result == Result.NOT_GOING


@pytest.mark.parametrize("change", [str.lower, lambda code: code[:9], lambda code: f"https://x.org/tickets/{code}/"])
def test_a_code_may_be_typed_shortened_or_scanned_as_an_address(evening, host, now, change):
    bo = rsvp(evening, now)
    assert act(evening, host, now, ticket=change(ticket_code(bo))).result == Result.CHECKED_IN


def test_a_zero_is_read_as_the_letter_it_looks_like(evening, host, now):
    RegistrationFactory(event=evening, ticket="OIBAAAAAAAAAAAAA")
    assert act(evening, host, now, ticket="018a aaaa").result == Result.CHECKED_IN


@pytest.mark.parametrize(
    "ticket",
    ["", "ABC", "A" * 7, "A" * 24, "A" * 5000, "%", "\0", "🎟️" * 9, "https://x.org/tickets/", "'; DROP TABLE--"],
)
def test_what_is_no_ticket_is_unknown(evening, host, now, ticket):
    rsvp(evening, now)
    scan = Scan(id=uuid.uuid4(), action="in", at=now, ticket=ticket)
    assert record_scan(event=evening, scan=scan, by=host, now=now).result == Result.UNKNOWN


def test_the_beginning_of_a_code_is_enough_inside_its_own_event_alone(evening, host, now):
    stranger = RegistrationFactory(event=EventFactory())
    assert act(evening, host, now, ticket=ticket_code(stranger)[:9]).result == Result.UNKNOWN


def test_a_whole_code_with_a_wrong_signature_is_unknown(evening, host, now):
    code = ticket_code(rsvp(evening, now))
    forged = code[:-1] + ("A" if code[-1] != "A" else "B")
    assert act(evening, host, now, ticket=forged).result == Result.UNKNOWN


def test_a_row_of_another_event_is_unknown(evening, host, now):
    foreign = RegistrationFactory(event=EventFactory())
    scan = Scan(id=uuid.uuid4(), action="in", at=now, registration=foreign.public_id)
    assert record_scan(event=evening, scan=scan, by=host, now=now).result == Result.UNKNOWN


# --- replays ---------------------------------------------------------------------------------------------------------


def test_the_same_act_again_gives_the_same_answer_and_changes_nothing(evening, host, now):
    bo, one = rsvp(evening, now), uuid.uuid4()
    answers = [act(evening, host, now + step * MINUTE, of=bo, act_id=one, at=now).result for step in range(3)]
    assert answers == [Result.CHECKED_IN] * 3
    assert (CheckIn.objects.count(), RegistrationChange.objects.filter(command="check_in").count()) == (1, 1)


def test_a_replay_does_not_undo_an_undo(evening, host, now):
    bo, one = rsvp(evening, now), uuid.uuid4()
    act(evening, host, now, of=bo, act_id=one)
    act(evening, host, now + MINUTE, of=bo, action="undo")
    assert act(evening, host, now + 2 * MINUTE, of=bo, act_id=one, at=now).result == Result.CHECKED_IN
    assert state_of(bo) == State.GOING


def test_an_id_that_was_used_for_something_else_is_refused(evening, host, now):
    bo, cy, one = rsvp(evening, now), rsvp(evening, now, name="Cy"), uuid.uuid4()
    act(evening, host, now, of=bo, act_id=one)
    other_person = act(evening, host, now, of=cy, act_id=one).result
    other_action = act(evening, host, now, of=bo, act_id=one, action="undo").result
    assert (other_person, other_action) == (Result.CONFLICT, Result.CONFLICT)
    assert (state_of(bo), state_of(cy)) == (State.CHECKED_IN, State.GOING)


def test_two_phones_without_network_check_in_the_same_person_once(evening, ada, host, now):
    bo = rsvp(evening, now - 5 * MINUTE)
    later = act(evening, ada, now, of=bo, at=now - 2 * MINUTE).result
    earlier = act(evening, host, now + MINUTE, of=bo, at=now - 3 * MINUTE).result
    assert (later, earlier, CheckIn.objects.count()) == (Result.CHECKED_IN, Result.ALREADY_IN, 1)


def test_what_waited_on_a_phone_does_not_overrule_what_another_host_did_since(evening, ada, host, now):
    bo = rsvp(evening, now - 5 * MINUTE)
    act(evening, ada, now - 3 * MINUTE, of=bo)
    act(evening, ada, now - 1 * MINUTE, of=bo, action="undo")
    assert act(evening, host, now, of=bo, at=now - 2 * MINUTE).result == Result.UNDONE
    assert state_of(bo) == State.GOING


def test_an_old_undo_leaves_a_newer_check_in_alone(evening, ada, host, now):
    bo = rsvp(evening, now - 5 * MINUTE)
    act(evening, ada, now - MINUTE, of=bo)
    assert act(evening, host, now, of=bo, action="undo", at=now - 2 * MINUTE).result == Result.ALREADY_IN
    assert state_of(bo) == State.CHECKED_IN


def test_a_queue_of_acts_is_replayed_in_its_order(evening, host, now):
    bo = rsvp(evening, now - 5 * MINUTE)
    code, start = ticket_code(bo), now - 4 * MINUTE
    steps = [("in", 0), ("undo", 1), ("in", 2), ("undo", 3)]
    scans = [Scan(uuid.uuid4(), action, start + step * MINUTE, code) for action, step in steps]
    half = [answer.result for answer in record_scans(event=evening, scans=scans[:2], by=host, now=now)]
    # The server dies in the middle of the batch: the phone sends all of it again
    whole = [answer.result for answer in record_scans(event=evening, scans=scans, by=host, now=now + MINUTE)]
    assert half == [Result.CHECKED_IN, Result.UNDONE]
    assert whole == [Result.CHECKED_IN, Result.UNDONE, Result.CHECKED_IN, Result.UNDONE]
    assert (state_of(bo), CheckIn.objects.count()) == (State.GOING, 4)


@pytest.mark.parametrize(
    ("claimed", "kept"),
    [(dt.timedelta(hours=3), dt.timedelta()), (-MINUTE, -MINUTE), (dt.timedelta(days=-9000), dt.timedelta(days=-1))],
)
def test_a_phones_clock_is_believed_within_reason(evening, host, now, claimed, kept):
    act(evening, host, now, of=rsvp(evening, now), at=now + claimed)
    assert (CheckIn.objects.get().at, CheckIn.objects.get().received_at) == (now + kept, now)


def test_a_fast_or_slow_clock_does_not_get_in_the_way_of_who_is_online(evening, ada, host, now):
    bo = rsvp(evening, now)
    act(evening, ada, now, of=bo)
    assert act(evening, host, now + 3 * MINUTE, of=bo, action="undo", at=now + 3 * MINUTE).result == Result.UNDONE
    soon = now + 3 * MINUTE + dt.timedelta(seconds=1)
    assert act(evening, ada, soon, of=bo, at=now + 3 * MINUTE - dt.timedelta(seconds=2)).result == Result.CHECKED_IN


def test_after_twenty_unknown_codes_a_minute_no_code_is_looked_up(evening, ada, host, now):
    bo = rsvp(evening, now)
    guesses = [Scan(uuid.uuid4(), "in", now, f"AAAAAA{n}") for n in range(22, 44)]
    results = [answer.result for answer in record_scans(event=evening, scans=guesses, by=host, now=now)]
    scan = Scan(uuid.uuid4(), "in", now, ticket_code(bo))
    by_name = Scan(uuid.uuid4(), "in", now, registration=rsvp(evening, now, name="Cy").public_id)

    def ask(scan, by, at):
        return record_scans(event=evening, scans=[scan], by=by, now=at)[0].result

    assert results == [Result.UNKNOWN] * 20 + [Result.LATER] * 2
    assert (ask(scan, host, now), ask(by_name, host, now)) == (Result.LATER, Result.CHECKED_IN)
    assert ask(scan, ada, now) == Result.CHECKED_IN
    assert ask(Scan(uuid.uuid4(), "in", now, ticket_code(bo)), host, now + MINUTE) == Result.ALREADY_IN


# --- the list --------------------------------------------------------------------------------------------------------


def test_the_list_is_by_name_and_says_who_is_in_since_when_and_where(evening, host, now):
    for name in ("Émile", "bo", "李茵", "Dee"):
        rsvp(evening, now, name=name)
    act(evening, host, now, of=Registration.objects.get(name="Dee"), door_name="Side")
    people = door_list(evening).people
    assert [person.name for person in people] == ["bo", "Dee", "Émile", "李茵"]
    assert [(p.in_at, p.in_door, p.in_by) for p in people[:2]] == [(None, "", ""), (now, "Side", "Hal")]


def test_hosts_see_no_address_of_who_gave_no_name(evening, now):
    RegistrationFactory(event=evening, name="", user__name="", user__email="secret@example.org")
    assert [person.name for person in door_list(evening).people] == [""]


def test_who_deleted_their_account_is_not_looked_for(evening):
    RegistrationFactory(event=evening, name="", user=None, state=State.CANCELLED)
    assert door_list(evening).people == []


def test_searching_finds_also_who_has_no_seat_and_ignores_accents(evening, now):
    rsvp(evening, now, name="Émile Zola")
    leave(registration=rsvp(evening, now, name="Emil Nolde"), now=now)
    found = door_list(evening)
    assert [person.name for person in found.matching("emil")] == ["Emil Nolde", "Émile Zola"]
    assert [person.name for person in found.matching("zola EMIL")] == ["Émile Zola"]
    assert [person.name for person in found.matching("")] == ["Émile Zola"]
    assert [found.matching("emil", "in"), [p.name for p in found.matching("", "out")]] == [[], ["Émile Zola"]]


@pytest.mark.parametrize("people", [1, 3])
def test_the_list_takes_two_queries(evening, host, now, people, django_assert_num_queries):
    for _ in range(people):
        act(evening, host, now, of=rsvp(evening, now))
    with django_assert_num_queries(2):
        door_list(evening)


def test_the_lists_of_five_hundred_people_stay_fast(evening, host, now):
    Registration.objects.bulk_create(
        RegistrationFactory.build(event=evening, user=None, name=f"Guest {n}") for n in range(500)
    )
    assert len(door_list(evening).people) == 500


def test_phones_are_told_once_a_batch_and_not_at_all_when_nothing_changed(
    evening, host, now, monkeypatch, django_capture_on_commit_callbacks
):
    told = []
    monkeypatch.setattr(door, "announce_door", told.append)
    scans = [Scan(uuid.uuid4(), "in", now, ticket_code(rsvp(evening, now, name=name))) for name in ("Bo", "Cy")]
    for _ in range(2):
        record_scans(event=evening, scans=scans, by=host, now=now)
    assert told == [evening]
