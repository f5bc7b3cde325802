"""Rounds in the admin beyond their fields: what happened is read and not typed, by its own group alone."""

import datetime as dt

import pytest
from django.urls import reverse

from lightning.models import Applause, Block, Draw, Feedback, Stage, StageLog, Talk
from tests.admin_forms import ada_of, signed_in
from tests.factories import MembershipFactory, SpeakerFactory, TalkFactory, UserFactory
from tests.factories.lightning import DeckFactory, StageFactory
from tests.lightning.rounds import a_call

pytestmark = pytest.mark.django_db


@pytest.fixture
def talk(now, time_machine) -> Talk:
    """In two days, with a title to come."""
    time_machine.move_to(now, tick=False)
    block = a_call(now, ahead=dt.timedelta(days=2), policy="draw").block
    return TalkFactory(block=block, title="", speakers=[SpeakerFactory(name="Cy")])


def ada(block: Block):
    return signed_in(ada_of(block.session.event.group))


def what_happened(talk: Talk, now) -> list:
    """A row of each kind, with the name of its page."""
    stage = StageFactory(block=talk.block, changed_at=now)
    StageLog.objects.create(stage=stage, version=1, command="start", talk=talk, at=now, before={})
    draw = Draw.objects.create(
        block=talk.block, drawn_at=now, seed="5eed", slots=1, first_timer_slots=0, entries=[{}], result=[""]
    )
    given = {"talk": talk, "text": "Clear and short", "given_at": now}
    return [stage, draw, Feedback.objects.create(clapper="a", shared_at=now, **given)]


def page_of(row, name: str = "change") -> str:
    args = [row.pk] if name in ("change", "delete") else []
    return reverse(f"admin:lightning_{row._meta.model_name}_{name}", args=args)


def test_organisers_read_what_happened_and_change_nothing(talk, now):
    client = ada(talk.block)
    for row in what_happened(talk, now):
        seen = [client.get(page_of(row, name)).status_code for name in ("changelist", "change", "add", "delete")]
        assert (seen, client.post(page_of(row), {"state": "on"}).status_code) == ([200, 200, 403, 403], 403)
    assert Stage.objects.get().state == "ready"
    assert "start" in client.get(page_of(Stage.objects.get())).content.decode()


def test_other_groups_and_hosts_see_nothing_of_it(talk, now):
    rows = what_happened(talk, now)
    elsewhere = signed_in(MembershipFactory(user=UserFactory(is_staff=True), role="organiser").user)
    host = UserFactory(is_staff=True)
    MembershipFactory(group=talk.block.session.event.group, user=host, role="host")
    for row in rows:
        listed = elsewhere.get(page_of(row, "changelist"))
        assert (listed.context["cl"].result_count, elsewhere.get(page_of(row)).status_code) == (0, 302)
        assert signed_in(host).get(page_of(row, "changelist")).status_code in (302, 403)


def test_words_a_speaker_does_not_share_are_nobodys_to_read(talk, now):
    given = {"talk": talk, "text": "Between us", "given_at": now}
    private = Feedback.objects.create(clapper="a", **given)
    client = ada(talk.block)
    listed = client.get(page_of(private, "changelist"))
    assert (listed.context["cl"].result_count, client.get(page_of(private)).status_code) == (0, 302)


@pytest.mark.parametrize("count", [1, 3])
def test_a_stages_page_takes_the_same_queries_after_one_and_three_commands(count, talk, now, django_assert_num_queries):
    stage = StageFactory(block=talk.block, changed_at=now)
    for version in range(count):
        StageLog.objects.create(stage=stage, version=version + 1, command="more", talk=talk, at=now, before={})
    client = ada(talk.block)
    client.get(page_of(stage))  # what a process asks once
    with django_assert_num_queries(5):
        client.get(page_of(stage))


@pytest.mark.parametrize("count", [1, 3])
def test_a_rounds_page_warns_in_the_same_queries_for_one_and_three_talks(count, talk, django_assert_num_queries):
    for _more in range(count - 1):
        TalkFactory(block=talk.block, speakers=[SpeakerFactory()])
    client, address = ada(talk.block), reverse("admin:lightning_block_change", args=[talk.block_id])
    client.get(address)  # what a process asks once
    with django_assert_num_queries(18):
        page = client.get(address).content.decode()
    assert "The title is missing: slot 1." in page
    assert f"/events/evening/lineup/{talk.block_id}/" in page
    assert f"/events/evening/draw/{talk.block_id}/" in page


def test_a_talks_page_shows_slides_applause_and_what_was_told(talk, now):
    DeckFactory(talk=talk, uploaded_at=now, pages=12)
    Talk.objects.update(told_state="accepted", told_at=now)
    for clapper in "abc":
        Applause.objects.create(talk=talk, clapper=clapper, given_at=now)
    page = ada(talk.block).get(reverse("admin:lightning_talk_change", args=[talk.pk]))
    admin_form = page.context["adminform"]
    shown = {
        field.field["name"]: str(field.contents())
        for fieldset in admin_form
        for line in fieldset
        for field in line
        if field.is_readonly
    }
    assert "PDF, 12 pages, 15" in shown["deck_"]
    assert (shown["applause_"], shown["told_"].partition(",")[0]) == ("3", "accepted")
