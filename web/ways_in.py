"""How somebody takes part online: by a link of their own, for as long as they are going; never the address itself."""

from registrations.links import join_path
from registrations.models import Registration
from registrations.permissions import may_join_online
from web.head import absolute


def way_in(registration: Registration) -> str:
    """Their absolute link; empty for who takes part in the room, or is not confirmed."""
    return absolute(join_path(registration)) if may_join_online(registration) else ""
