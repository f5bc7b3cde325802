"""The outbox as its keeper sees it."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from outbox import writers
from outbox.models import Message, State, Suppression
from outbox.services import suppress
from outbox.unsubscribing import address_digest
from outbox.writers import Letter, Skip
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


@pytest.fixture
def written_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kind whose words are written when it is sent; to Dee it is not."""

    def write(message: Message, now: dt.datetime) -> Letter | Skip:
        if message.address == "dee@example.org":
            return Skip("Dee is a stranger")
        hello = f"Hello {message.payload['who']}"
        return Letter(hello, "Doors open\nat seven", "<p>Doors open</p>", sender='"TFDL" <tfdl@lectern.example>')

    monkeypatch.setitem(writers._writers, "written_later", write)


@pytest.mark.usefixtures("written_later")
def test_words_that_are_written_later_are_shown_as_they_would_be_now(keeper: Client) -> None:
    message = MessageFactory(kind="written_later", subject="", text="", payload={"who": "Bo"})
    other = MessageFactory(kind="written_later", subject="", text="", address="dee@example.org")
    broken = MessageFactory(kind="written_later", subject="", text="")

    assert "Written later" in keeper.get(LIST).content.decode()
    page = keeper.get(page_of(message)).content.decode()
    assert "Hello Bo\n\nDoors open\nat seven" in page
    assert 'srcdoc="&lt;p&gt;Doors open&lt;/p&gt;"' in page
    assert "&quot;TFDL&quot; &lt;tfdl@lectern.example&gt;" in page
    assert "It would not be sent now: Dee is a stranger." in keeper.get(page_of(other)).content.decode()
    assert "It cannot be written: KeyError: &#x27;who&#x27;" in keeper.get(page_of(broken)).content.decode()


@pytest.mark.usefixtures("written_later")
def test_words_that_are_written_later_and_secret_are_shown_to_nobody(keeper: Client) -> None:
    message = MessageFactory(kind="written_later", subject="", text="", payload={"who": "Bo"}, is_secret=True)

    page = keeper.get(page_of(message)).content.decode()
    assert "This message holds a secret" in page
    assert "Hello Bo" not in page


@pytest.mark.usefixtures("written_later")
@pytest.mark.parametrize("state", [State.SENT, State.DEAD, State.SKIPPED])
def test_a_secret_that_is_written_when_sent_can_be_sent_again(keeper: Client, now: dt.datetime, state: State) -> None:
    message = MessageFactory(
        kind="written_later",
        subject="Hello Bo",
        text="",
        payload={"who": "Bo"},
        is_secret=True,
        state=state,
        finished_at=now,
    )
    keeper.post(LIST, {"_selected_action": [message.pk], "action": "resend"})

    again = Message.objects.latest("pk")
    assert (again.state, again.is_secret, again.payload, again.text) == (State.PENDING, True, {"who": "Bo"}, "")
    assert Message.objects.count() == (2 if state == State.SENT else 1)


def test_the_list_can_be_narrowed_to_a_kind(keeper: Client) -> None:
    MessageFactory(kind="sign_in_code", subject="Your code")
    MessageFactory(kind="reminder")

    page = keeper.get(LIST, {"kind": "reminder"}).content.decode()

    assert ("Sign in code" in page, "Your code" in page, "Doors open at seven" in page) == (True, False, True)


def test_what_came_back_is_found_and_says_why(keeper: Client, now: dt.datetime) -> None:
    MessageFactory(subject="Arrived")
    words = "Came back: 5.1.1 unknown"
    back = MessageFactory(subject="Returned", state="sent", finished_at=now, bounce="5.1.1", last_error=words)

    page = keeper.get(LIST, {"came_back": "1"}).content.decode()
    assert (words in page, "Returned" in page, "Arrived" in page) == (True, True, False)
    assert "5.1.1" in keeper.get(reverse("admin:outbox_message_change", args=[back.pk])).content.decode()


@pytest.mark.parametrize(("minutes", "is_said"), [(4, False), (6, True)])
def test_the_list_says_when_delivery_lags_behind(keeper: Client, minutes: int, is_said: bool) -> None:
    MessageFactory(available_at=timezone.now() - dt.timedelta(minutes=minutes))

    page = keeper.get(LIST).content.decode()

    assert ("Are a worker and the mail server there?" in page) is is_said


SUPPRESSIONS = reverse("admin:outbox_suppression_changelist")
ADD_SUPPRESSION = reverse("admin:outbox_suppression_add")


def test_an_address_is_suppressed_by_hand_and_only_its_digest_is_kept(keeper: Client) -> None:
    keeper.post(ADD_SUPPRESSION, {"address": "Bo@example.org", "scope": ""})

    row = Suppression.objects.get()
    assert (row.digest, row.scope, row.reason) == (address_digest("bo@example.org"), "", Suppression.Reason.MANUAL)
    again = keeper.post(ADD_SUPPRESSION, {"address": "bo@example.org", "scope": ""}).content.decode()
    assert "This address is suppressed already." in again
    assert "bo@example.org" not in keeper.get(SUPPRESSIONS).content.decode()


def test_a_suppression_is_found_by_the_whole_address_and_can_be_lifted(keeper: Client, now: dt.datetime) -> None:
    for address in ("bo@example.org", "cy@example.org"):
        suppress(digest=address_digest(address), scope="reminders", reason=Suppression.Reason.BOUNCED, now=now)
    bo = Suppression.objects.get(digest=address_digest("bo@example.org"))

    page = keeper.get(SUPPRESSIONS, {"q": "BO@example.org"}).content.decode()
    assert (bo.digest[:8] in page, address_digest("cy@example.org")[:8] in page) == (True, False)

    keeper.post(reverse("admin:outbox_suppression_delete", args=[bo.pk]), {"post": "yes"})
    keeper.post(
        SUPPRESSIONS,
        {
            "action": "delete_selected",
            "_selected_action": list(Suppression.objects.values_list("pk", flat=True)),
            "post": "yes",
        },
    )
    assert Suppression.objects.count() == 0


def test_suppressions_are_for_superusers_and_never_altered(client: Client, keeper: Client, now: dt.datetime) -> None:
    suppress(digest="x", scope="", reason=Suppression.Reason.MANUAL, now=now)
    page = reverse("admin:outbox_suppression_change", args=[Suppression.objects.get().pk])

    assert keeper.post(page, {"address": "bo@example.org", "scope": "reminders"}).status_code == 403
    client.force_login(UserFactory(name="Ada", is_staff=True))
    assert client.get(SUPPRESSIONS).status_code == 403
