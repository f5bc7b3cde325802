"""Filling in admin pages as a browser does: read the form off the page, change some fields, send all of it back."""

from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from events.models import Group
from tests.factories import MembershipFactory, UserFactory


def signed_in(user: User) -> Client:
    """A browser this person is signed in with."""
    client = Client()
    client.force_login(user)
    return client


def ada_of(*groups: Group, name: str = "Ada") -> User:
    """Somebody who organises these groups, and nothing else."""
    ada = UserFactory(name=name, is_staff=True)
    for group in groups:
        MembershipFactory(group=group, user=ada, role="organiser")
    return ada


class _Fields(HTMLParser):
    """Collects what the first POST form with fields of its own would send."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self._text: str | None = None
        self._select: tuple[str, bool] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if "disabled" in given or "__prefix__" in name:
            return
        if tag == "input" and name and given.get("type") not in ("submit", "file", "button"):
            ticked = given.get("type") in ("checkbox", "radio")
            if not ticked or "checked" in given:
                self.fields.setdefault(name, []).append(given.get("value") or ("on" if ticked else ""))
        elif tag == "textarea" and name:
            self._text = name
            self.fields[name] = [""]
        elif tag == "select" and name:
            self._select = (name, "multiple" in given)
            self.fields.setdefault(name, [] if "multiple" in given else [""])
        elif tag == "option" and self._select and "selected" in given:
            key, many = self._select
            self.fields[key] = [*(self.fields[key] if many else []), given.get("value") or ""]

    def handle_data(self, data: str) -> None:
        if self._text:
            self.fields[self._text][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._text:
            self.fields[self._text] = [self.fields[self._text][0].removeprefix("\n")]
            self._text = None
        elif tag == "select":
            self._select = None


def fields_of(response: HttpResponse) -> dict[str, Any]:
    """What the page's form holds, ready to be sent back as it is."""
    parser = _Fields()
    parser.feed(response.content.decode())
    return {name: values for name, values in parser.fields.items() if name not in ("q", "action")}


def save(client: Client, address: str, changes: Mapping[str, Any], **new_rows: list[Mapping[str, Any]]) -> HttpResponse:
    """Open the page, change some fields, add rows to its tables (by prefix, `__` for `-`), and save."""
    page = client.get(address)
    assert page.status_code == 200, page.status_code
    data = fields_of(page) | dict(changes)
    for prefix, rows in new_rows.items():
        key = prefix.replace("__", "-")
        first = int(data[f"{key}-TOTAL_FORMS"][0])
        for number, row in enumerate(rows, first):
            data |= {f"{key}-{number}-{name}": value for name, value in row.items()}
        data[f"{key}-TOTAL_FORMS"] = [str(first + len(rows))]
    return client.post(address, data)


def errors_on(response: HttpResponse) -> dict[str, list[str]]:
    """Every error the page shows, by the field's full name; forms as a whole are `prefix` or empty."""
    form = response.context["adminform"].form
    found = {name if name != "__all__" else "": list(texts) for name, texts in form.errors.items()}
    for inline in response.context["inline_admin_formsets"]:
        formset = inline.formset
        if formset.non_form_errors():
            found[formset.prefix] = list(formset.non_form_errors())
        for row in formset.forms:
            for name, texts in row.errors.items():
                found[f"{row.prefix}-{name}" if name != "__all__" else row.prefix] = list(texts)
    return found


def messages_of(response: HttpResponse) -> list[str]:
    """What the page says at the top, or will say after the redirect."""
    return [str(message) for message in response.wsgi_request._messages]
