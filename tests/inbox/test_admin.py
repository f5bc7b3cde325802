"""Inbound mail as the keeper of the site sees it: plain text, whatever it claims to be."""

import datetime as dt
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from inbox.models import InboundMail, State
from tests.admin_forms import ada_of, signed_in
from tests.factories import GroupFactory, UserFactory
from tests.factories.inbox import InboundMailFactory

pytestmark = pytest.mark.django_db
LIST = reverse("admin:inbox_inboundmail_changelist")
CORPUS = Path(__file__).parents[1] / "golden" / "inbound"


@pytest.fixture
def keeper() -> Client:
    """A superuser's browser."""
    return signed_in(UserFactory(is_staff=True, is_superuser=True))


def page_of(mail: InboundMail) -> str:
    return reverse("admin:inbox_inboundmail_change", args=[mail.pk])


def test_the_list_says_what_became_of_each(keeper: Client, now: dt.datetime) -> None:
    InboundMailFactory(state=State.IGNORED, handled_at=now, outcome="there is no calendar part")
    InboundMailFactory(subject="")

    page = keeper.get(LIST).content.decode()

    for words in ("Hello", "(no subject)", "there is no calendar part", "bo@example.org", "test+abc@lectern.example"):
        assert words in page


def test_html_is_shown_as_its_source(keeper: Client) -> None:
    mail = InboundMailFactory(raw=(CORPUS / "html-only.eml").read_bytes())

    page = keeper.get(page_of(mail)).content.decode()

    assert "<script>alert(1)</script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "Content-Type: text/html; charset=utf-8" in page


def test_headers_cannot_forge_a_page(keeper: Client) -> None:
    mail = InboundMailFactory(raw=b"Subject: <b>x</b>\nX-A: </pre><img src=x>\n\nhi", subject="<b>x</b>")

    page = keeper.get(page_of(mail)).content.decode()

    assert ("<b>x</b>" in page, "<img src=x>" in page, "&lt;/pre&gt;&lt;img src=x&gt;" in page) == (False, False, True)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "The message itself is erased"),
        (b"Content-Type: multipart/mixed\n" * 40, "too many parts inside each other"),
    ],
)
def test_what_cannot_be_shown_says_why(keeper: Client, raw: bytes, words: str) -> None:
    assert words in keeper.get(page_of(InboundMailFactory(raw=raw))).content.decode()


def test_a_message_is_handled_again_when_asked_to(keeper: Client, now: dt.datetime) -> None:
    failed = InboundMailFactory(state=State.FAILED, handled_at=now, attempts=5)
    waiting = InboundMailFactory()
    data = {"action": "handle_again", "_selected_action": [failed.pk, waiting.pk]}

    page = keeper.post(LIST, data, follow=True).content.decode()

    failed.refresh_from_db()
    assert (failed.state, failed.attempts, failed.handled_at) == (State.WAITING, 0, None)
    assert ("1 message will be read again." in page, "This message waits to be read already." in page) == (True, True)


def test_nobody_else_sees_it_and_nobody_types_in_it(keeper: Client) -> None:
    mail, ada = InboundMailFactory(), signed_in(ada_of(GroupFactory()))

    assert (ada.get(LIST).status_code, ada.get(page_of(mail)).status_code) == (403, 403)
    assert keeper.get(reverse("admin:inbox_inboundmail_add")).status_code == 403
    assert keeper.post(page_of(mail), {"state": "applied"}).status_code == 403
    assert keeper.get(reverse("admin:inbox_inboundmail_delete", args=[mail.pk])).status_code == 403
