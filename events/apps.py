"""The events app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = _("Events")

    def ready(self) -> None:
        """Letters about events are written when they are sent."""
        from events import notifications  # noqa: PLC0415 - models are not loaded before
        from outbox.writers import register_writer  # noqa: PLC0415

        register_writer(notifications.INVITE, notifications.write_invite)
