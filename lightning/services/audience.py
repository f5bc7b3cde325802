"""What the audience gives: one applause each, and words that are the speaker's to share."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import RuleViolation
from core.text import clean_line, clean_text
from core.tokens import new_secret
from lightning.clappers import clapper_of
from lightning.models import Applause, Feedback, Talk
from lightning.selectors.audience import is_listening

LONGEST_NAME = 120
LONGEST_TEXT = 2000


def applaud(*, talk: Talk, clapper: str, now: dt.datetime) -> bool:
    """Count one person's applause; whether it is new. Tapped again, or twice at once, it is the same one."""
    _refuse_out_of_time(talk, now=now)
    return Applause.objects.get_or_create(talk=talk, clapper=clapper, defaults={"given_at": now})[1]


@transaction.atomic
def give_feedback(*, talk: Talk, clapper: str, name: str, text: str, now: dt.datetime) -> Feedback:
    """Write to the speaker, or write anew: then it is private again, for other words were shared."""
    _refuse_out_of_time(talk, now=now)
    name, text = clean_line(name), clean_text(text)
    if not text:
        raise RuleViolation("no_text", _("There are no words yet. Write what you want to say."), field="text")
    if len(text) > LONGEST_TEXT:
        words = _("This is longer than %(most)d characters. Shorten it.")
        raise RuleViolation("text_too_long", words % {"most": LONGEST_TEXT}, field="text")
    if len(name) > LONGEST_NAME:
        words = _("The name is longer than %(most)d characters. Shorten it.")
        raise RuleViolation("name_too_long", words % {"most": LONGEST_NAME}, field="name")
    values = {"name": name, "text": text, "given_at": now, "shared_at": None}
    return Feedback.objects.update_or_create(talk=talk, clapper=clapper, defaults=values)[0]


@transaction.atomic
def share_feedback(*, feedback: Feedback, is_shared: bool, now: dt.datetime) -> None:
    """Show these words on the talk's page, or keep them private again."""
    stored = Feedback.objects.select_for_update().get(pk=feedback.pk)
    if is_shared != (stored.shared_at is not None):
        stored.shared_at = now if is_shared else None
        stored.save(update_fields=["shared_at"])


def delete_feedback(*, feedback: Feedback) -> None:
    """Words that the speaker does not want to keep."""
    Feedback.objects.filter(pk=feedback.pk).delete()


@transaction.atomic
def forget_in_rounds(*, user: User, addresses: Iterable[str]) -> None:
    """An account goes: its applause and words stay, without a name or a sign of who they were from."""
    typed = Talk.objects.annotate(low=Lower("proposer_email"))
    typed.filter(low__in=[address.lower() for address in addresses]).update(proposer_email="")
    Talk.objects.filter(proposed_by=user).update(proposed_by=None)
    Talk.history.filter(proposed_by=user.pk).update(proposed_by=None)
    clapper = clapper_of(user)
    Feedback.objects.filter(clapper=clapper).update(name="")
    for model in (Applause, Feedback):
        for row in model.objects.filter(clapper=clapper):
            model.objects.filter(pk=row.pk).update(clapper=new_secret(320))


def _refuse_out_of_time(talk: Talk, *, now: dt.datetime) -> None:
    if not is_listening(talk, now=now):
        raise RuleViolation(
            "not_now", _("Applause and feedback are for a talk that has begun, until a week after it. Look here then.")
        )
