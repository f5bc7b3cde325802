"""What somebody fills in to propose a talk, cleaned: each refusal names its field and the cure."""

import unicodedata
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.names import clean_name
from core.errors import RuleViolation
from core.fields import web_address
from core.text import UNPRINTABLE, clean_line
from lightning.web_address import NotAnAddress, Wrong, whole_address
from speakers.models import Topic

LONGEST_TITLE = 90
LONGEST_NOTES = 1000
MOST_TOPICS = 5
LONGEST_KEY = 64

NOT_AN_ADDRESS: dict[Wrong, Promise] = {
    Wrong.COMMA: gettext_lazy("“%(link)s” is not a web address. Check the comma, or leave this empty."),
    Wrong.BLANK: gettext_lazy("“%(link)s” is not a web address. Take the blank out, or leave this empty."),
    Wrong.EMAIL: gettext_lazy("“%(link)s” is not a web address. Leave out what stands before the @, or all of it."),
    Wrong.SCHEME: gettext_lazy("“%(link)s” is not a web address. It begins with https://, or leave this empty."),
    Wrong.OTHER: gettext_lazy("“%(link)s” is not a web address. Write it like github.com/name, or leave this empty."),
    Wrong.LONG: gettext_lazy("This web address is longer than 490 characters. Use a shorter one."),
}
LONGEST_QUOTE = 60


@dataclass(frozen=True)
class Proposal:
    """One talk as it is proposed or changed. `key` is the form's own: the same one again is the same proposal."""

    title: str
    name: str = ""
    email: str = ""
    link: str = ""
    notes: str = ""
    topics: tuple[Topic, ...] = ()
    is_first_talk: bool = False
    language: str = ""
    key: str = ""


def cleaned(wish: Proposal) -> Proposal:
    """As it may be written down; raises RuleViolation on the first field that is wrong. The name may be empty here."""
    if len(wish.topics) > MOST_TOPICS:
        message = _("Choose at most %(most)d topics.") % {"most": MOST_TOPICS}
        raise RuleViolation("too_many_topics", message, field="topics")
    return replace(
        wish,
        name=clean_name(wish.name) if wish.name else "",
        title=clean_title(wish.title),
        link=clean_link(wish.link),
        notes=clean_notes(wish.notes),
        key=wish.key[:LONGEST_KEY],
    )


def clean_title(title: str) -> str:
    """One printable line, short enough for the projector."""
    given, title = title.strip(), clean_line(title)
    if not title:
        message = _("The title is empty. Write a few words about your idea.")
        raise RuleViolation("title_missing", message, field="title")
    if UNPRINTABLE.search(given):
        message = _("The title holds a line break or a character nobody can see. Write it on one line.")
        raise RuleViolation("title_unprintable", message, field="title")
    if len(title) > LONGEST_TITLE:
        raise RuleViolation("title_too_long", _("The title is longer than 90 characters. Shorten it."), field="title")
    return title


def clean_link(link: str) -> str:
    """A whole web address, or nothing."""
    try:
        address = whole_address(link)
        if address:
            web_address(address)
    except NotAnAddress as error:
        raise _not_an_address(link, error.wrong) from error
    except ValidationError as error:
        raise _not_an_address(link, Wrong.OTHER) from error
    return address


def _not_an_address(link: str, wrong: Wrong) -> RuleViolation:
    quoted = clean_line(link)
    quoted = quoted if len(quoted) <= LONGEST_QUOTE else f"{quoted[:LONGEST_QUOTE]}…"
    return RuleViolation(f"link_{wrong}", str(NOT_AN_ADDRESS[wrong]) % {"link": quoted}, field="link")


def clean_notes(notes: str) -> str:
    """Lines of text."""
    notes = unicodedata.normalize("NFC", notes.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if UNPRINTABLE.search(notes.replace("\n", " ")):
        message = _("The notes hold a character nobody can see. Take it out.")
        raise RuleViolation("notes_unprintable", message, field="notes")
    if len(notes) > LONGEST_NOTES:
        message = _("The notes are longer than 1000 characters. Shorten them.")
        raise RuleViolation("notes_too_long", message, field="notes")
    return notes


def clean_email(email: str) -> str:
    """One address, and nothing beside it."""
    wrong = RuleViolation(
        "email_wrong", _("This is not one email address. Write it like name@example.org."), field="email"
    )
    email = email.strip()
    if not email:
        message = _("The email is empty. Write where we can reach you.")
        raise RuleViolation("email_missing", message, field="email")
    try:
        validate_email(email)
    except ValidationError as error:
        raise wrong from error
    if len(email) > 254 or not email.rpartition("@")[0].isascii():
        raise wrong
    return email


def words_of_links() -> dict[str, Any]:
    """The same sentences for the page's script, with {braces}."""
    return {f"link.{wrong}": str(words) % {"link": "{link}"} for wrong, words in NOT_AN_ADDRESS.items()}
