"""The call of a round: made, changed, taken away by organisers."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.changes import changed_fields, write_fields
from core.errors import RuleViolation
from lightning.models import Block, Call, Draw, Talk

DRAWN_BY = frozenset({"policy", "first_timer_percent", "most_per_organisation"})


@transaction.atomic
def create_call(*, block: Block, **fields: Any) -> Call:
    """Take proposals for a round; a seed for its draw is chosen in the same moment."""
    Block.objects.select_for_update(of=("self",)).get(pk=block.pk)
    if Call.objects.filter(block=block.pk).exists():
        raise RuleViolation("has_call", _("This round takes proposals already. Load the page again."))
    call = Call()
    write_fields(call, {"block": block, **fields})
    return call


@transaction.atomic
def revise_call(*, call: Call, **fields: Any) -> Call:
    """Change its window or its policy; the rules of a draw stay once it was held."""
    Block.objects.select_for_update(of=("self",)).get(pk=call.block_id)
    stored = Call.objects.select_for_update().get(pk=call.pk)
    changed = changed_fields(stored, fields)
    if changed & DRAWN_BY and Draw.objects.filter(block=stored.block_id).exists():
        message = _("The slots were drawn by these rules. They stay as they were.")
        raise RuleViolation("already_drawn", message, field=min(changed & DRAWN_BY))
    if changed:
        write_fields(stored, {name: fields[name] for name in changed})
    return stored


@transaction.atomic
def delete_call(*, call: Call) -> None:
    """Take no proposals any more; refused while some wait for an answer."""
    Block.objects.select_for_update(of=("self",)).get(pk=call.block_id)
    if Talk.objects.filter(block=call.block_id, state=Talk.State.SUBMITTED).exists():
        raise RuleViolation("proposals_wait", _("Proposals wait for a decision. Decide about them first."))
    if Draw.objects.filter(block=call.block_id).exists():
        raise RuleViolation("already_drawn", _("Slots were drawn by this call. Its seed is public, so it stays."))
    Call.objects.filter(pk=call.pk).delete()
