"""Who may decide about a round, and who may run it."""

from events.permissions import Person, hosted_groups, organised_groups
from lightning.models import Block


def may_arrange(person: Person, block: Block) -> bool:
    """Organisers of the event's group: call, line-up, draw, decisions, stage links."""
    return organised_groups(person).filter(events=block.session.event_id).exists()


def may_command_stage(person: Person, block: Block) -> bool:
    """Organisers and hosts of the event's group; a stage link is asked for elsewhere."""
    return hosted_groups(person).filter(events=block.session.event_id).exists()
