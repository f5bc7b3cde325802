"""What stands behind a lightning round in the programme of a letter."""

from django.db.models import Count, Q
from django.utils.functional import lazy
from django.utils.translation import ngettext

from lightning.models import Block


def session_notes(session_ids: list[int]) -> dict[int, str]:
    """`23 talks × 5 min` by session; nothing for a round that has no talks yet. One query."""
    with_a_place = Count("talks", filter=Q(talks__position__isnull=False))
    blocks = Block.objects.filter(session__in=session_ids).annotate(count=with_a_place).filter(count__gt=0)
    return {block.session_id: lazy_note(block.count, block.talk_minutes) for block in blocks}


def _note(count: int, minutes: int) -> str:
    words = ngettext("%(count)d talk × %(minutes)d min", "%(count)d talks × %(minutes)d min", count)
    return words % {"count": count, "minutes": minutes}


lazy_note = lazy(_note, str)
