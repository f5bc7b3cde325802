"""For the tests beside this file: a real mail server, a Redis that is away, the casts of the admin and of mail."""

from tests.events.inbound_cast import full
from tests.mail_server import mail_server
from tests.outages import redis_is_away, redis_is_frozen
from tests.registrations.admin_cast import ada, event, types_are_known

__all__ = ("ada", "event", "full", "mail_server", "redis_is_away", "redis_is_frozen", "types_are_known")
