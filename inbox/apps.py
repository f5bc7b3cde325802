"""The inbox app."""

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _


class InboxConfig(AppConfig):
    name = "inbox"
    verbose_name = _("Inbox")

    def ready(self) -> None:
        """What waits is read before each round of delivery, since answers cause letters."""
        from inbox.bounces import read_bounce  # noqa: PLC0415 - models are not loaded before
        from inbox.handlers import register_handler  # noqa: PLC0415
        from inbox.services import handle_waiting  # noqa: PLC0415
        from outbox.bouncing import PREFIX  # noqa: PLC0415
        from outbox.feeders import register_feeder  # noqa: PLC0415

        register_handler(PREFIX, read_bounce)
        register_feeder("inbox", handle_waiting)
        refuse_broken_settings()


def refuse_broken_settings() -> None:
    """A secret or a mailbox that could never work is said at the start, not when the first mail is lost."""
    from inbox.imap import mailbox_of  # noqa: PLC0415 - as above
    from inbox.signatures import key_of  # noqa: PLC0415

    for name, read in (("INBOUND_WEBHOOK_SECRET", key_of), ("INBOUND_IMAP_URL", mailbox_of)):
        try:
            if value := getattr(settings, name):
                read(value)
        except ValueError as error:
            raise ImproperlyConfigured(f"{name} cannot be used: {error}.") from error
