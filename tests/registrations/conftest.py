"""What the tests beside this file share: a real mail server, a Redis that is not there, the cast of the admin."""

from tests.mail_server import mail_server
from tests.outages import redis_is_away, redis_is_frozen
from tests.registrations.admin_cast import ada, event, types_are_known

__all__ = ("ada", "event", "mail_server", "redis_is_away", "redis_is_frozen", "types_are_known")
