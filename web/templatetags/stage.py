"""What the screens of a stage draw more than once."""

from typing import Any

from django import template

from lightning.stage_types import StageTalk
from web.stage_view import Names, names_of

register = template.Library()


@register.inclusion_tag("stage/_coming.html")
def coming(talk: StageTalk | None = None) -> dict[str, Any]:
    """A row of who comes next; an empty one for scripts."""
    return {"talk": talk, "names": names_of(talk) if talk else Names("", "", "")}
