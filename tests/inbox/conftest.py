"""A real mailbox, a real mail server, and a Redis that is not there, for the tests beside this file."""

from tests.imap_server import imap_server
from tests.mail_server import mail_server
from tests.outages import redis_is_away

__all__ = ("imap_server", "mail_server", "redis_is_away")
