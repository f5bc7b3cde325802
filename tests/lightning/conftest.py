"""What the tests beside this file share: a real mail server."""

from tests.mail_server import mail_server

__all__ = ("mail_server",)
