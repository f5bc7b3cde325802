"""Lightning rounds in the admin: slots, running order, states, and what the first page says of them."""

import pytest
from django.urls import reverse

from lightning.models import Block, Talk
from tests.admin_forms import ada_of, errors_on, messages_of, save, signed_in
from tests.factories import (
    BlockFactory,
    EventFactory,
    GroupFactory,
    SessionFactory,
    SpeakerFactory,
    TalkFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db
FULL = "All 3 slots are taken. Lengthen the block or shorten its talks."


def a_block(minutes: int = 17, **fields) -> Block:
    """Three slots of five minutes and one to change over, unless told otherwise."""
    session = SessionFactory(event=EventFactory(**fields), kind="lightning", minutes=minutes)
    return BlockFactory(session=session, talk_minutes=5, changeover_minutes=1, question_minutes=0)


def page_of(row: Block | Talk) -> str:
    return reverse(f"admin:lightning_{row._meta.model_name}_change", args=[row.pk])


def ada(block: Block):
    return signed_in(ada_of(block.session.event.group))


def lineup(block: Block) -> list[str]:
    return list(block.talks.in_lineup().values_list("title", flat=True))


def test_talks_are_dragged_into_another_order_and_their_sequence_rises():
    block = a_block()
    for title in ("A", "B", "C"):
        TalkFactory(block=block, title=title)
    moved = {"talks-0-position": "2", "talks-1-position": "0", "talks-2-position": "1"}
    assert save(ada(block), page_of(block), moved).status_code == 302
    assert (lineup(block), list(block.talks.in_lineup().values_list("position", "sequence"))) == (
        ["B", "C", "A"],
        [(0, 1), (1, 1), (2, 1)],
    )


def test_an_untouched_running_order_keeps_its_gaps():
    block = a_block()
    TalkFactory(block=block, title="A", position=0)
    TalkFactory(block=block, title="C", position=2)
    before = list(Talk.objects.values())
    assert save(ada(block), page_of(block), {}).status_code == 302
    assert list(Talk.objects.values()) == before


def test_a_new_talk_comes_last_with_its_speakers():
    block, cy = a_block(), SpeakerFactory(name="Cy")
    TalkFactory(block=block, title="A")
    row = {"title": "B", "people": [cy.pk], "state": "accepted", "position": ""}
    assert save(ada(block), page_of(block), {}, talks=[row]).status_code == 302
    talk = block.talks.get(title="B")
    assert (talk.position, [part.speaker for part in talk.talk_speakers.all()]) == (1, [cy])


def test_a_full_block_takes_nobody_more_and_says_so_on_the_row():
    block = a_block()
    for _ in range(3):
        TalkFactory(block=block)
    row = {"title": "One too many", "state": "accepted", "position": ""}
    answer = save(ada(block), page_of(block), {}, talks=[row])
    assert (errors_on(answer), messages_of(answer)) == ({"talks-3-state": [FULL]}, [FULL])
    assert block.talks.count() == 3


def test_a_withdrawn_talk_frees_its_slot_for_another_in_one_go():
    block = a_block()
    for title in ("A", "B", "C"):
        TalkFactory(block=block, title=title)
    TalkFactory(block=block, title="D", state="stand_by")
    changes = {"talks-1-state": "withdrawn", "talks-3-state": "accepted"}
    assert save(ada(block), page_of(block), changes).status_code == 302
    assert lineup(block) == ["A", "D", "C"]
    assert block.talks.get(title="B").position is None


def test_a_talk_of_another_block_cannot_be_slipped_in():
    block, theirs = a_block(), TalkFactory(title="Theirs")
    TalkFactory(block=block, title="Hers")
    answer = save(ada(block), page_of(block), {"talks-0-id": theirs.pk, "talks-0-title": "Mine"})
    assert answer.status_code == 200
    assert sorted(Talk.objects.values_list("title", flat=True)) == ["Hers", "Theirs"]


def test_shorter_talks_make_more_slots_and_raise_the_sessions_sequence():
    block = a_block()
    assert save(ada(block), page_of(block), {"talk_minutes": "3"}).status_code == 302
    block.refresh_from_db()
    block.session.refresh_from_db()
    assert (block.slots, block.session.sequence) == (4, 1)


def test_a_block_is_cut_on_its_events_page():
    session = SessionFactory(kind="lightning", minutes=30)
    page = reverse("admin:events_event_change", args=[session.event.pk])
    row = {"session": session.pk, "talk_minutes": "5", "question_minutes": "0", "changeover_minutes": "1"}
    client = signed_in(ada_of(session.event.group))
    assert save(client, page, {}, lightning__block=[row]).status_code == 302
    assert Block.objects.get().session == session


@pytest.mark.parametrize("session", ["of another event", "of another kind", "with a block already"])
def test_no_other_session_can_be_cut(session):
    event = EventFactory()
    sessions = {
        "of another event": lambda: SessionFactory(kind="lightning"),
        "of another kind": lambda: SessionFactory(event=event, kind="talk"),
        "with a block already": lambda: BlockFactory(session=SessionFactory(event=event, kind="lightning")).session,
    }
    row = {"session": sessions[session]().pk, "talk_minutes": "5", "question_minutes": "0", "changeover_minutes": "1"}
    before = Block.objects.count()
    page = reverse("admin:events_event_change", args=[event.pk])
    answer = save(signed_in(ada_of(event.group)), page, {}, lightning__block=[row])
    assert (answer.status_code, Block.objects.count()) == (200, before)


def test_a_block_with_talks_is_not_deleted():
    block = a_block()
    TalkFactory(block=block)
    answer = ada(block).post(reverse("admin:lightning_block_delete", args=[block.pk]), {"post": "yes"})
    assert (answer.url, Block.objects.count()) == (page_of(block), 1)
    assert messages_of(answer) == ["Talks are in this block. Delete or move them first."]


def test_a_talks_own_page_takes_notes_topics_speakers_and_links():
    block, topic, cy = a_block(), TopicFactory(), SpeakerFactory()
    talk = TalkFactory(block=block)
    answer = save(
        ada(block),
        page_of(talk),
        {"notes": "**Fast**", "topics": [topic.pk]},
        talk_speakers=[{"speaker": cy.pk, "affiliation": "Example Labs", "position": "0"}],
        resources=[{"kind": "code", "title": "", "url": "https://code.example/", "position": "0"}],
    )
    assert answer.status_code == 302
    talk.refresh_from_db()
    assert (talk.notes, list(talk.topics.all())) == ("**Fast**", [topic])
    assert (talk.talk_speakers.get().affiliation, talk.resources.get().kind) == ("Example Labs", "code")


def test_the_first_page_tells_of_what_she_organises_and_of_nothing_else(time_machine):
    time_machine.move_to("2026-11-17T18:00:00Z")
    hers = GroupFactory()
    when = {"starts_at": "2026-12-10T11:00Z", "ends_at": "2026-12-10T13:00Z"}
    evening = EventFactory(group=hers, title="Evening", **when)
    EventFactory(group=hers, title="Draft", status="draft", **when)
    EventFactory(group=hers, title="Over", starts_at="2026-11-10T11:00Z", ends_at="2026-11-10T13:00Z")
    theirs = EventFactory(title="Theirs", **when)
    for event in (evening, theirs):
        SessionFactory(event=event, title="Untimed", starts_at=None)
        SessionFactory(event=event, kind="break", title="Coffee")
        session = SessionFactory(event=event, kind="lightning", title="Round", minutes=17)
        TalkFactory(block=BlockFactory(session=session, talk_minutes=5, changeover_minutes=1))
    board = signed_in(ada_of(hers)).get(reverse("admin:index")).context
    assert [event["title"] for event in board["events_ahead"]] == ["Evening"]
    assert [event["title"] for event in board["drafts"]] == ["Draft"]
    assert [(row["title"], row["lacks"]) for row in board["unfinished"]] == [("Untimed", "no time, no speaker")]
    assert [(row["event"], row["fill"], row["is_overfull"]) for row in board["blocks"]] == [
        ("Evening", "1 of 3 slots", False)
    ]
    assert board["events_ahead"][0]["when"] == "Thu 10 Dec 2026, 19:00"
