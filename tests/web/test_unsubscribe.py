"""The link at the foot of a mail: whoever looks changes nothing, who presses is heard, and nobody else is meant."""

import logging
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from core.tokens import sign
from events.models import Group
from outbox.models import Suppression
from outbox.selectors import suppressed_scopes
from outbox.services import suppress
from outbox.unsubscribing import address_digest, unsubscribe_token, unsubscribe_url
from registrations.links import PURPOSE as REGISTRATION
from tests.factories import GroupFactory
from tests.web.conftest import TUESDAY_EVENING
from web.pages import unsubscribe

BO = "bo@example.org"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
PRIVATE = {"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}


@pytest.fixture
def group(db: None) -> Group:
    cache.clear()
    group: Group = GroupFactory(name="XLA & friends")
    return group


@pytest.fixture
def scope(group: Group) -> str:
    return f"reminders:group:{group.pk}"


@pytest.fixture
def path(scope: str) -> str:
    return f"/u/{unsubscribe_token(BO, scope)}/"


@pytest.fixture
def provider(dee: Client) -> Client:
    """A mail provider's server: no cookies, and a site that insists on tokens against forgery."""
    return Client(enforce_csrf_checks=True)


def test_the_page_names_the_group_and_nobody(dee: Client, group: Group, path: str, scope: str) -> None:
    response = dee.get(path)
    body = response.content.decode()
    assert (response.status_code, "XLA &amp; friends" in body) == (200, True)
    assert {name: response[name] for name in PRIVATE} == PRIVATE
    assert (BO in body, "Set-Cookie" in response.headers, "csrf" in body) == (False, False, False)
    assert path.endswith("/u/" + unsubscribe_url(BO, scope).rpartition("/u/")[2])


@pytest.mark.parametrize("method", ["get", "head", "options"])
@pytest.mark.parametrize("query", ["", "?action=stop", "?List-Unsubscribe=One-Click", "?action=resume"])
@pytest.mark.parametrize("is_stopped", [False, True])
def test_scanners_and_previews_change_nothing(
    dee: Client, path: str, scope: str, method: str, query: str, is_stopped: bool
) -> None:
    if is_stopped:
        suppress(digest=address_digest(BO), scope=scope, reason=Suppression.Reason.UNSUBSCRIBED, now=TUESDAY_EVENING)
    getattr(dee, method)(path + query, headers={"Sec-Purpose": "prefetch;prerender", "User-Agent": "SafeLinks"})
    assert suppressed_scopes(BO) == ({scope} if is_stopped else set())


@pytest.mark.parametrize("form", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_one_click_in_the_mail_program_is_enough_and_twice_is_once(
    provider: Client, path: str, scope: str, form: str
) -> None:
    body: dict[str, Any] = {"data": ONE_CLICK}
    if form.startswith("application"):
        body = {"data": "List-Unsubscribe=One-Click", "content_type": form}
    answers = [provider.post(path, **body) for _again in range(2)]
    assert [(one.status_code, "Location" in one.headers, "Set-Cookie" in one.headers) for one in answers] == [
        (200, False, False)
    ] * 2
    assert (suppressed_scopes(BO), Suppression.objects.get().reason) == ({scope}, "unsubscribed")


def test_each_button_says_how_it_shall_be(dee: Client, group: Group, path: str, scope: str) -> None:
    seen = []
    for action in ("stop", "stop", "stop_all", "resume", "resume_all", "stop", "resume", "resume"):
        body = dee.post(path, {"action": action}).content.decode()
        heading = body.partition("<h1>")[2].partition("</h1>")[0]
        seen.append((action, suppressed_scopes(BO), heading))
    assert seen == [
        ("stop", {scope}, "No more reminders of this group"),
        ("stop", {scope}, "No more reminders of this group"),
        ("stop_all", {scope, "reminders"}, "No more reminders"),
        ("resume", {"reminders"}, "No more reminders"),
        ("resume_all", set(), "Stop these reminders?"),
        ("stop", {scope}, "No more reminders of this group"),
        ("resume", set(), "Stop these reminders?"),
        ("resume", set(), "Stop these reminders?"),
    ]


def test_it_holds_for_this_address_and_this_group_alone(provider: Client, path: str, scope: str) -> None:
    other = f"/u/{unsubscribe_token('dee@example.org', scope)}/"
    suppress(digest=address_digest("dee@example.org"), scope=scope, reason="manual", now=TUESDAY_EVENING)  # type: ignore[arg-type]
    provider.post(path, ONE_CLICK)
    provider.post(path, {"action": "resume"})
    assert (suppressed_scopes(BO), suppressed_scopes("dee@example.org"), path == other) == (set(), {scope}, False)


def test_an_address_that_bounces_cannot_be_opened_by_a_link(provider: Client, path: str) -> None:
    suppress(digest=address_digest(BO), scope="", reason=Suppression.Reason.BOUNCED, now=TUESDAY_EVENING)
    for action in ("resume", "resume_all"):
        provider.post(path, {"action": action})
    assert suppressed_scopes(BO) == {""}


def test_an_unknown_button_is_refused_in_words(dee: Client, path: str) -> None:
    response = dee.post(path, {"action": "resubscribe"})
    assert (response.status_code, Suppression.objects.count()) == (400, 0)
    assert "This button is unknown." in response.content.decode()


@pytest.mark.parametrize(
    ("scope", "heading"), [("reminders", "Stop all reminders?"), ("reminders:group:0", "Stop all reminders?")]
)
def test_without_a_group_it_is_about_all_reminders(dee: Client, group: Group, scope: str, heading: str) -> None:
    assert f"<h1>{heading}</h1>" in dee.get(f"/u/{unsubscribe_token(BO, scope)}/").content.decode()


def test_other_mails_are_spoken_of_as_such(dee: Client, group: Group) -> None:
    path = f"/u/{unsubscribe_token(BO, 'news')}/"
    before, after = dee.get(path).content.decode(), dee.post(path, ONE_CLICK).content.decode()
    assert ("Stop these emails?" in before, "No more of these emails" in after) == (True, True)
    assert suppressed_scopes(BO) == {"news"}


@pytest.mark.parametrize("spoil", ["cut", "lengthen", "turn", "address", "purpose", "short"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_spoiled_link_is_not_found_and_does_nothing(
    dee: Client, path: str, scope: str, spoil: str, method: str
) -> None:
    token = path.split("/")[2]
    spoiled = {
        "cut": token[:-1],
        "lengthen": token + "A",
        "turn": token.swapcase(),
        "address": token.replace(address_digest(BO), address_digest("dee@example.org")),
        "purpose": sign(REGISTRATION, f"{address_digest(BO)}:{scope}"),
        "short": "x",
    }[spoil]
    response = getattr(dee, method)(f"/u/{spoiled}/", ONE_CLICK)
    assert (response.status_code, Suppression.objects.count()) == (404, 0)
    assert {name: response[name] for name in PRIVATE} == PRIVATE
    assert "This link is not complete" in response.content.decode()


def test_too_many_presses_of_one_network_are_put_off(dee: Client, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unsubscribe, "BY_NETWORK", unsubscribe.Limit("unsubscribe-test", 1, 60))
    answers = [dee.post(path, {"action": action}) for action in ("stop", "resume")]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert (answers[1]["Retry-After"], Suppression.objects.count(), dee.get(path).status_code) == ("60", 1, 200)


def test_other_methods_are_refused(dee: Client, path: str) -> None:
    assert [getattr(dee, method)(path).status_code for method in ("put", "patch", "delete")] == [405] * 3


def test_no_log_names_the_token(path: str) -> None:
    formatter = next(h.formatter for h in logging.getLogger().handlers if type(h) is logging.StreamHandler)
    record = logging.LogRecord("django.request", 30, "", 0, "Not Found: %s", (path,), None)
    assert formatter is not None
    assert (path.split("/")[2] in formatter.format(record), "/u/" in formatter.format(record)) == (False, True)
