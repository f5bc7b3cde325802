"""Stage links: the remote for a helper without an account."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import RuleViolation
from core.text import clean_line
from core.tokens import digest, new_secret
from lightning.models import Block, StageLink

KEY_BITS = 160


@transaction.atomic
def make_stage_link(*, block: Block, name: str, by: User | None, now: dt.datetime) -> tuple[StageLink, str]:
    """A link that may command this stage, and its key, which nobody can read again."""
    name = clean_line(name)
    longest = StageLink._meta.get_field("name").max_length or 0
    if not name:
        raise RuleViolation("name_missing", _("Say who the link is for."), field="name")
    if len(name) > longest:
        raise RuleViolation(
            "name_too_long", _("Use at most %(longest)d characters.") % {"longest": longest}, field="name"
        )
    key = new_secret(KEY_BITS)
    return StageLink.objects.create(block=block, name=name, key_digest=digest(key), made_by=by, made_at=now), key


@transaction.atomic
def revoke_stage_link(*, link: StageLink, now: dt.datetime) -> StageLink:
    """From now on it opens nothing; a link that was revoked before keeps that time."""
    stored = StageLink.objects.select_for_update().get(pk=link.pk)
    if stored.revoked_at is None:
        stored.revoked_at = now
        stored.save(update_fields=["revoked_at"])
    return stored
