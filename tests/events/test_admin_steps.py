"""An event's buttons and its deletion: asked first, taken or refused with a sentence."""

import pytest
from django.urls import reverse

from events.models import Event
from tests.admin_forms import ada_of, messages_of, save, signed_in
from tests.factories import EventFactory

pytestmark = pytest.mark.django_db


def page_of(event: Event) -> str:
    return reverse("admin:events_event_change", args=[event.pk])


def test_deleting_a_published_event_is_refused_with_the_cure():
    event = EventFactory()
    client = signed_in(ada_of(event.group))
    answer = client.post(reverse("admin:events_event_delete", args=[event.pk]), {"post": "yes"})
    assert (answer.status_code, answer.url) == (302, page_of(event))
    assert messages_of(answer) == ["Only a draft can be deleted. Cancel this event instead."]
    assert Event.objects.count() == 1


def test_deleting_a_selection_with_a_published_event_in_it_deletes_nothing():
    event = EventFactory()
    draft = EventFactory(group=event.group, status="draft")
    data = {"action": "delete_selected", "_selected_action": [event.pk, draft.pk], "post": "yes"}
    answer = signed_in(ada_of(event.group)).post(reverse("admin:events_event_changelist"), data)
    assert messages_of(answer) == ["Only a draft can be deleted. Cancel this event instead."]
    assert Event.objects.count() == 2


def test_a_draft_is_deleted_after_asking():
    draft = EventFactory(status="draft")
    client = signed_in(ada_of(draft.group))
    address = reverse("admin:events_event_delete", args=[draft.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"post": "yes"}).status_code == 302
    assert Event.objects.count() == 0


@pytest.mark.parametrize(
    ("before", "step", "after"),
    [
        ("draft", "publish", "published"),
        ("published", "postpone", "postponed"),
        ("published", "cancel", "cancelled"),
        ("cancelled", "publish", "published"),
    ],
)
def test_a_button_asks_first_and_then_takes_the_step(before, step, after):
    event = EventFactory(status=before)
    client = signed_in(ada_of(event.group))
    address = reverse(f"admin:events_event_{step}", args=[event.pk])
    assert client.get(address).status_code == 200
    event.refresh_from_db()
    assert event.status == before
    assert client.post(address).url == page_of(event)
    event.refresh_from_db()
    assert event.status == after


@pytest.mark.parametrize(
    ("status", "titles"),
    [
        ("draft", ["Publish", "Reminders", "Take RSVPs"]),
        ("published", ["Postpone", "Cancel event", "Move", "Reminders", "Take RSVPs"]),
        ("postponed", ["Publish", "Cancel event", "Move", "Reminders", "Take RSVPs"]),
        ("cancelled", ["Publish", "Move", "Reminders", "Take RSVPs"]),
    ],
)
def test_only_possible_steps_have_a_button(status, titles):
    event = EventFactory(status=status)
    page = signed_in(ada_of(event.group)).get(page_of(event))
    assert [button["title"] for button in page.context["actions_detail"]] == titles


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_impossible_step_is_refused_with_a_sentence(method):
    event = EventFactory(status="draft")
    client = signed_in(ada_of(event.group))
    answer = getattr(client, method)(reverse("admin:events_event_postpone", args=[event.pk]))
    assert answer.url == page_of(event)
    assert len(messages_of(answer)) == 1
    event.refresh_from_db()
    assert event.status == "draft"


def test_the_status_cannot_be_posted():
    event = EventFactory(status="draft")
    save(signed_in(ada_of(event.group)), page_of(event), {"status": "published", "state": "published"})
    event.refresh_from_db()
    assert event.status == "draft"


def test_a_draft_has_no_link_to_a_public_page():
    draft = EventFactory(status="draft")
    published = EventFactory(group=draft.group)
    client = signed_in(ada_of(draft.group))
    addresses = [client.get(page_of(event)).context["absolute_url"] for event in (draft, published)]
    assert addresses == [None, published.get_absolute_url()]
