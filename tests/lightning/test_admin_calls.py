"""Calls in the admin: a window in days and hours, who gets a slot, the draw, and the offers that were made."""

import datetime as dt

import pytest
from django.urls import reverse

from lightning.models import Call, Draw, SlotOffer
from tests.admin_forms import ada_of, errors_on, messages_of, save, signed_in
from tests.factories import MembershipFactory, TalkFactory, UserFactory
from tests.lightning.rounds import DAY, HOUR, a_call, proposed

pytestmark = pytest.mark.django_db
NEW = {
    "policy": "draw",
    "opens_days": "30",
    "closes_hours": "2.5",
    "is_open_on_the_night": "on",
    "first_timer_percent": "50",
    "most_per_organisation": "",
}


@pytest.fixture
def call(now, time_machine):
    """Ten days ahead; the draw may be held from two hours before."""
    time_machine.move_to(now, tick=False)
    return a_call(now, policy="draw")


def page_of(call: Call, button: str = "change") -> str:
    name = {"change": "lightning_block_change"}.get(button, f"lightning_block_{button}")
    return reverse(f"admin:{name}", args=[call.block_id])


def ada(call: Call):
    return signed_in(ada_of(call.block.session.event.group))


def test_a_call_is_made_on_the_page_of_its_round(call):
    Call.objects.all().delete()
    assert save(ada(call), page_of(call), {}, call=[NEW]).status_code == 302
    made = Call.objects.get()
    assert (made.block, made.policy, made.opens_before, made.closes_before) == (
        call.block,
        "draw",
        30 * DAY,
        dt.timedelta(hours=2, minutes=30),
    )


def test_a_call_is_changed_and_what_is_not_touched_stays(call):
    answer = save(ada(call), page_of(call), {"call-0-closes_hours": "4", "call-0-opens_days": ""})
    assert answer.status_code == 302
    after = Call.objects.get()
    assert (after.closes_before, after.opens_before, after.seed, after.policy) == (4 * HOUR, None, call.seed, "draw")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"call-0-closes_hours": "-1"}, "call-0-closes_hours"),
        ({"call-0-closes_hours": ""}, "call-0-closes_hours"),
        ({"call-0-first_timer_percent": "101"}, "call-0-first_timer_percent"),
        ({"call-0-opens_days": "0.05"}, "call-0"),
    ],
)
def test_nonsense_is_refused_on_its_field(call, change, field):
    answer = save(ada(call), page_of(call), change)
    assert (answer.status_code, list(errors_on(answer))) == (200, [field])


def test_the_page_tells_the_window_the_seal_and_the_offers(call, now):
    talk = TalkFactory(block=call.block, title="Waits", state="stand_by")
    SlotOffer.objects.create(talk=talk, offered_at=now, expires_at=now + DAY)
    text = ada(call).get(page_of(call)).content.decode()
    for words in (
        "Open until Saturday 28 November at 00:00.",
        "SHA-256 of the seed",
        "Waits",
        "Thu 19 Nov 2026, 02:00",
    ):
        assert words in text, words
    assert call.seed not in text


def test_the_draw_is_held_by_a_button_that_asks_first(call, now, time_machine):
    proposed(call, now)
    client = ada(call)
    assert "Hold the draw" in client.get(page_of(call)).content.decode()
    early = client.post(page_of(call, "hold_draw"))
    assert messages_of(early) == ["Proposals are taken until Saturday 28 November at 00:00. Hold the draw after that."]
    time_machine.move_to(now + 10 * DAY - 2 * HOUR, tick=False)
    asked = client.get(page_of(call, "hold_draw")).content.decode()
    assert ("1 talk is in the draw." in asked, Draw.objects.count()) == (True, 0)
    assert client.post(page_of(call, "hold_draw")).url == page_of(call)
    assert (Draw.objects.count(), call.block.talks.get().state) == (1, "accepted")
    assert "Hold the draw" not in client.get(page_of(call)).content.decode()


@pytest.mark.parametrize("who", ["bo", "host", "other organiser"])
def test_nobody_else_holds_it(call, now, time_machine, who):
    proposed(call, now)
    time_machine.move_to(now + 10 * DAY - 2 * HOUR, tick=False)
    user = UserFactory(is_staff=True)
    if who == "host":
        MembershipFactory(group=call.block.session.event.group, user=user, role="host")
    if who == "other organiser":
        MembershipFactory(user=user, role="organiser")
    answer = signed_in(user).post(page_of(call, "hold_draw"))
    assert (answer.status_code in (302, 403), Draw.objects.count()) == (True, 0)
