"""A real mail server, and a Redis that is not there, for the tests beside this file."""

from tests.mail_server import mail_server
from tests.outages import redis_is_away, redis_is_frozen

__all__ = ("mail_server", "redis_is_away", "redis_is_frozen")
