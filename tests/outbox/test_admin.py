"""The outbox as its keeper sees it."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from outbox.models import Message, State
from tests.factories import MessageFactory, UserFactory

pytestmark = pytest.mark.django_db
LIST = reverse("admin:outbox_message_changelist")


@pytest.fixture
def keeper(client: Client) -> Client:
    """A superuser's browser."""
    client.force_login(UserFactory(email="root@example.org", is_staff=True, is_superuser=True))
    return client


def page_of(message: Message) -> str:
    return reverse("admin:outbox_message_change", args=[message.pk])


def test_the_list_says_what_failed_and_why(keeper: Client, now: dt.datetime) -> None:
    MessageFactory(state=State.DEAD, finished_at=now, last_error="550 5.1.1 No such mailbox", attempts=1)

    page = keeper.get(LIST).content.decode()

    for words in ("Doors open at seven", "failed for good", "bo@example.org", "550 5.1.1 No such mailbox"):
        assert words in page


def test_a_message_is_shown_as_its_reader_gets_it_but_harmless(keeper: Client) -> None:
    message = MessageFactory(text="<b>Come</b> early", html='<p class="x">Come & see</p><script>alert(1)</script>')

    page = keeper.get(page_of(message)).content.decode()

    assert "&lt;b&gt;Come&lt;/b&gt; early" in page
    assert '<iframe sandbox="" srcdoc="&lt;p class=&quot;x&quot;&gt;Come &amp; see&lt;/p&gt;' in page
    assert "<script>alert" not in page


def test_a_secret_is_not_shown_even_to_a_superuser(keeper: Client) -> None:
    message = MessageFactory(is_secret=True, text="Your code: 123456", html="<b>123456</b>")

    page = keeper.get(page_of(message)).content.decode()

    assert "123456" not in page
    assert "This message holds a secret" in page


def test_nothing_can_be_typed_in_or_deleted(keeper: Client) -> None:
    message = MessageFactory()

    assert keeper.get(reverse("admin:outbox_message_add")).status_code == 403
    assert keeper.post(page_of(message), {"subject": "Other"}).status_code == 403
    assert keeper.post(reverse("admin:outbox_message_delete", args=[message.pk]), {"post": "yes"}).status_code == 403


def test_cancel_and_resend_do_what_they_can_and_say_what_they_cannot(keeper: Client, now: dt.datetime) -> None:
    waiting, dead = MessageFactory(subject="Waiting"), MessageFactory(subject="Dead", state=State.DEAD, finished_at=now)
    chosen = {"_selected_action": [waiting.pk, dead.pk]}

    cancelled = keeper.post(LIST, chosen | {"action": "cancel"}, follow=True).content.decode()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.last_error) == (State.SKIPPED, "Cancelled by Bo")
    assert "1 message is cancelled." in cancelled
    assert "Dead (bo@example.org): Only a message that waits can be cancelled." in cancelled

    resent = keeper.post(LIST, chosen | {"action": "resend"}, follow=True).content.decode()
    assert set(Message.objects.values_list("state", flat=True)) == {State.PENDING}
    assert "2 messages will be sent again." in resent


def test_an_organiser_does_not_see_other_peoples_mail(client: Client) -> None:
    client.force_login(UserFactory(name="Ada", is_staff=True))

    assert client.get(LIST).status_code == 403
    assert client.get(page_of(MessageFactory())).status_code == 403
