"""Signing in by e-mailed code, over HTTP, up to the mail server and back."""

import datetime as dt
import re
import time
from collections.abc import Callable
from email.message import EmailMessage

import pytest
from allauth.account.models import EmailAddress
from celery.contrib.testing.worker import TestWorkController
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from redis import Redis

from accounts.models import User
from accounts.services import create_account
from outbox.delivery import drain
from outbox.models import Message, Priority, State
from tests.factories import UserFactory
from tests.mail_server import MailServer
from tests.outages import at_most

pytestmark = pytest.mark.django_db
ASK, GIVE = "/accounts/login/code/", "/accounts/login/code/confirm/"
CODE = re.compile(r"^ {4}(\d{6})\r?$", re.MULTILINE)


@pytest.fixture(autouse=True)
def no_memory_of_other_tests(redis_client: "Redis") -> None:
    """Rate limits count per address; here every test is the first."""
    cache.clear()


@pytest.fixture
def post(mail_server: MailServer) -> Callable[[], list[EmailMessage]]:
    """Delivers what is due and gives all mails so far."""

    def deliver() -> list[EmailMessage]:
        drain(clock=timezone.now, keep_going=lambda: True)
        return mail_server.mails

    return deliver


def code_in(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    found = CODE.search(body.get_content())
    assert found is not None
    return found[1]


def signed_in(client: Client) -> str | None:
    """The e-mail of who is signed in in this browser."""
    pk = client.session.get("_auth_user_id")
    return User.objects.get(pk=pk).email if pk else None


def test_a_code_signs_in_who_has_an_account(client: Client, post: Callable[[], list[EmailMessage]]) -> None:
    create_account(email="bo@example.org", email_is_confirmed=True)

    assert client.post(ASK, {"email": "Bo@Example.org"}).headers["Location"] == GIVE
    [mail] = post()
    answer = client.post(GIVE, {"code": code_in(mail)})

    assert (answer.status_code, answer.headers["Location"], signed_in(client)) == (302, "/", "bo@example.org")
    assert (str(mail["To"]), str(mail["Subject"])) == ("bo@example.org", "Your sign-in code")
    assert User.objects.count() == 1


def test_a_code_makes_the_account_of_a_newcomer_once_it_came_back(
    client: Client, post: Callable[[], list[EmailMessage]]
) -> None:
    client.post(ASK, {"email": "Dee@Example.org"})
    [mail] = post()
    assert User.objects.count() == 0

    client.post(GIVE, {"code": code_in(mail)})

    assert signed_in(client) == "dee@example.org"
    address = EmailAddress.objects.get()
    assert (address.email, address.verified, address.primary) == ("dee@example.org", True, True)
    assert User.objects.get().has_usable_password() is False


def test_a_stranger_cannot_tell_who_has_an_account(post: Callable[[], list[EmailMessage]]) -> None:
    create_account(email="bo@example.org", email_is_confirmed=True)
    UserFactory(email="cy@example.org", is_active=False)
    answers = []
    for email in ("bo@example.org", "cy@example.org", "dee@example.org"):
        browser = Client()
        asked = browser.post(ASK, {"email": email})
        page = browser.get(GIVE).content.decode().replace(email, "…")
        answers.append((asked.status_code, asked.headers["Location"], re.sub(r'(csrf\w*" value=")\w+', r"\1", page)))

    assert answers[0] == answers[1] == answers[2]
    words = {
        code_in(mail): str(mail.get_body(("plain",)).get_content()).replace(code_in(mail), "…")  # type: ignore[union-attr]
        for mail in post()
    }
    assert len(words) == 3
    assert len(set(words.values())) == 1


def test_who_is_barred_gets_no_further_than_the_code(client: Client, post: Callable[[], list[EmailMessage]]) -> None:
    UserFactory(email="cy@example.org", is_active=False)
    client.post(ASK, {"email": "cy@example.org"})

    answer = client.post(GIVE, {"code": code_in(post()[0])})

    assert (answer.headers["Location"], signed_in(client)) == ("/accounts/inactive/", None)


def test_a_wrong_code_does_not_sign_in_and_three_are_the_end(
    client: Client, post: Callable[[], list[EmailMessage]]
) -> None:
    client.post(ASK, {"email": "dee@example.org"})
    right = code_in(post()[0])
    wrong = f"{(int(right) + 1) % 1_000_000:06}"

    statuses = [client.post(GIVE, {"code": wrong}).status_code for _ in range(3)]
    after = client.post(GIVE, {"code": right})

    assert (statuses, after.status_code) == ([200, 200, 302], 302)
    assert (signed_in(client), User.objects.count()) == (None, 0)


def test_a_code_is_of_no_use_in_another_browser(client: Client, post: Callable[[], list[EmailMessage]]) -> None:
    client.post(ASK, {"email": "dee@example.org"})

    answer = Client().post(GIVE, {"code": code_in(post()[0])})

    assert (answer.status_code, answer.headers["Location"]) == (302, ASK)


def test_a_new_code_can_be_asked_for_and_takes_the_place_of_the_first(
    client: Client, post: Callable[[], list[EmailMessage]]
) -> None:
    client.post(ASK, {"email": "dee@example.org"})
    client.post(GIVE, {"action": "resend"})
    first, second = (code_in(mail) for mail in post())

    client.post(GIVE, {"code": first})
    assert signed_in(client) is None or first == second
    client.post(GIVE, {"code": second})
    assert signed_in(client) == "dee@example.org"


def test_an_address_is_asked_at_most_three_times_a_minute(client: Client) -> None:
    statuses = [Client().post(ASK, {"email": "bo@example.org"}).status_code for _ in range(4)]

    assert (statuses, Message.objects.count()) == ([302, 302, 302, 200], 3)


def test_an_address_that_looks_like_somebody_elses_is_somebody_else(
    client: Client, post: Callable[[], list[EmailMessage]]
) -> None:
    mike = create_account(email="mike@example.org", email_is_confirmed=True)

    client.post(ASK, {"email": "mıke@example.org"})
    for mail in post():
        client.post(GIVE, {"code": code_in(mail)})

    assert signed_in(client) != mike.email


def test_an_address_somebody_only_claims_does_not_open_their_account(
    client: Client, post: Callable[[], list[EmailMessage]]
) -> None:
    cy = create_account(email="cy@example.org", email_is_confirmed=True)
    EmailAddress.objects.create(user=cy, email="dee@example.org", verified=False)

    client.post(ASK, {"email": "dee@example.org"})
    client.post(GIVE, {"code": code_in(post()[0])})

    assert signed_in(client) == "dee@example.org"


def test_a_second_confirmed_address_opens_the_same_account(
    client: Client, post: Callable[[], list[EmailMessage]]
) -> None:
    cy = create_account(email="cy@example.org", email_is_confirmed=True)
    EmailAddress.objects.create(user=cy, email="cy@work.example", verified=True)

    client.post(ASK, {"email": "cy@work.example"})
    client.post(GIVE, {"code": code_in(post()[0])})

    assert (signed_in(client), User.objects.count()) == ("cy@example.org", 1)


def test_an_account_from_the_command_line_needs_no_second_mail(
    client: Client, post: Callable[[], list[EmailMessage]]
) -> None:
    User.objects.create_superuser("root@example.org", "correct horse battery")

    client.post(ASK, {"email": "root@example.org"})
    client.post(GIVE, {"code": code_in(post()[0])})

    assert (signed_in(client), Message.objects.count()) == ("root@example.org", 1)


def test_the_mail_is_urgent_short_lived_and_forgotten_once_sent(
    client: Client, post: Callable[[], list[EmailMessage]]
) -> None:
    client.post(ASK, {"email": "dee@example.org"})
    message = Message.objects.get()
    assert (message.kind, message.priority, message.is_secret) == ("account_login_code", Priority.NOW, True)
    assert message.expires_at == message.created_at + dt.timedelta(minutes=15)

    code = code_in(post()[0])

    message.refresh_from_db()
    assert (message.state, message.text, message.html) == (State.SENT, "", "")
    assert code not in message.subject


def test_the_mail_speaks_the_readers_language_and_says_which(client: Client) -> None:
    client.post(ASK, {"email": "dee@example.org"}, headers={"Accept-Language": "zh-Hans"})

    message = Message.objects.get()
    assert message.language == "zh-hans"
    assert '<html lang="zh-hans"' in message.html


def test_there_is_no_other_door_to_sign_up_by(client: Client) -> None:
    answer = client.get("/accounts/signup/?next=/speakers/")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/accounts/login/code/?next=/speakers/")


def test_the_way_back_stays_on_our_site(client: Client, post: Callable[[], list[EmailMessage]]) -> None:
    client.post(ASK, {"email": "dee@example.org", "next": "/speakers/"})
    answer = client.post(GIVE, {"code": code_in(post()[0]), "next": "https://evil.example/"})

    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize("outage", ["redis_is_away", "redis_is_frozen"])
def test_without_redis_people_still_sign_in_and_do_not_wait_for_it(
    outage: str, client: Client, post: Callable[[], list[EmailMessage]], request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue(outage)

    with at_most(8):
        asked = client.post(ASK, {"email": "dee@example.org"})
    answer = client.post(GIVE, {"code": code_in(post()[0])})

    assert (asked.status_code, answer.status_code, signed_in(client)) == (302, 302, "dee@example.org")


def test_without_redis_the_limits_still_count(client: Client, redis_is_away: None) -> None:
    statuses = [Client().post(ASK, {"email": "ada@example.org"}).status_code for _ in range(4)]

    assert statuses == [302, 302, 302, 200]


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_brings_the_code(client: Client, mail_server: MailServer, worker: TestWorkController) -> None:
    client.post(ASK, {"email": "dee@example.org"})

    deadline = time.monotonic() + 10
    while not mail_server.mails and time.monotonic() < deadline:
        time.sleep(0.05)
    client.post(GIVE, {"code": code_in(mail_server.mails[0])})

    assert signed_in(client) == "dee@example.org"


@pytest.mark.parametrize(
    "hostile", ["", "dee", "dee@", "a" * 300 + "@example.org", "dee@example.org\x00", "<script>@x"]
)
def test_what_is_no_address_is_answered_kindly(hostile: str, client: Client) -> None:
    answer = client.post(ASK, {"email": hostile})

    assert (answer.status_code, Message.objects.count()) == (200, 0)


@pytest.mark.parametrize("path", ["/accounts/password/reset/", "/accounts/email/", "/accounts/login/"])
def test_an_address_longer_than_any_is_answered_kindly_everywhere(path: str, client: Client) -> None:
    if path == "/accounts/email/":
        client.force_login(UserFactory())
    long = "a" * 60 + "@" + ".".join(["b" * 60] * 4) + ".example"

    answer = client.post(path, {"email": long, "login": long, "password": "x", "action_add": ""})

    assert answer.status_code in (200, 302)


def test_a_password_reset_links_to_our_own_address_whatever_the_host_says(client: Client) -> None:
    create_account(email="ada@example.org", password="correct horse battery", email_is_confirmed=True)

    client.post("/accounts/password/reset/", {"email": "ada@example.org"}, headers={"Host": "127.0.0.1"})

    message = Message.objects.get()
    assert message.kind == "account_password_reset_key"
    assert re.search(r"https://lectern\.example/accounts/password/reset/key/\w+-\w+-\w+/", message.text)
    assert "127.0.0.1" not in message.text + message.html


def test_a_password_reset_answers_the_same_for_who_has_no_account(client: Client) -> None:
    create_account(email="ada@example.org", password="correct horse battery", email_is_confirmed=True)

    answers = [client.post("/accounts/password/reset/", {"email": f"{who}@example.org"}) for who in ("ada", "dee")]

    assert [(answer.status_code, answer.headers["Location"]) for answer in answers] == [
        (302, "/accounts/password/reset/done/")
    ] * 2
    assert [message.kind for message in Message.objects.order_by("id")] == [
        "account_password_reset_key",
        "account_unknown_account",
    ]


def test_a_new_address_is_confirmed_by_a_code_of_its_own(client: Client) -> None:
    user = create_account(email="cy@example.org", email_is_confirmed=True)
    client.force_login(user)

    client.post("/accounts/email/", {"action_add": "", "email": "cy@work.example"})

    message = Message.objects.get()
    assert (message.kind, message.address) == ("account_email_confirmation", "cy@work.example")
    assert CODE.search(message.text)
