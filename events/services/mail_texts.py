"""A group's own words for its mails: what cannot be filled in is refused before anybody gets it."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import phrases
from core.changes import write_fields
from core.errors import RuleViolation
from core.text import clean_line
from events.mail_texts import MailKind, mail_kind, paragraphs
from events.models import Group, MailText


@transaction.atomic
def create_mail_text(*, group: Group, kind: str, language: str, subject: str = "", text: str = "") -> MailText:
    """Let the group say this mail in its own words in this language; raises ValidationError when it does already."""
    row = MailText(group=group, kind=kind, language=language)
    _write(row, subject=subject, text=text)
    return row


@transaction.atomic
def revise_mail_text(*, mail_text: MailText, **fields: Any) -> MailText:
    """Change subject or opening words."""
    row = MailText.objects.select_for_update().get(pk=mail_text.pk)
    _write(row, subject=fields.get("subject", row.subject), text=fields.get("text", row.text))
    return row


@transaction.atomic
def delete_mail_text(*, mail_text: MailText) -> None:
    """Go back to the built-in words."""
    MailText.objects.get(pk=mail_text.pk).delete()


def _write(row: MailText, *, subject: str, text: str) -> None:
    subject, text = clean_line(subject), "\n\n".join(paragraphs(text))
    known = mail_kind(row.kind)
    if known is None:
        raise RuleViolation("unknown_mail", _("There is no such mail. Choose one of the list."), field="kind")
    if not subject and not text:
        message = _("Write a subject or opening words. To go back to the built-in ones, delete this.")
        raise RuleViolation("no_words", message, field="text")
    if known.tells_news and subject:
        message = _("The subject of this mail tells the news, so it stays built in. Leave it empty.")
        raise RuleViolation("subject_tells_news", message, field="subject")
    _refuse_unknown(known, "subject", subject)
    _refuse_unknown(known, "text", text)
    write_fields(
        row, {"group": row.group, "kind": row.kind, "language": row.language, "subject": subject, "text": text}
    )


def _refuse_unknown(kind: MailKind, field: str, text: str) -> None:
    unknown = kind.unknown(text)
    if unknown:
        message = _("This mail cannot fill in %(unknown)s. It knows %(known)s.") % {
            "unknown": phrases.listed(unknown),
            "known": phrases.listed(f"{{{name}}}" for name in kind.placeholders),
        }
        raise RuleViolation("unknown_placeholder", message, field=field)
