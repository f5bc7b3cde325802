"""The registrations app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistrationsConfig(AppConfig):
    name = "registrations"
    verbose_name = _("Registrations")

    def ready(self) -> None:
        """Letters about registrations are written when they are sent."""
        from outbox.writers import register_writer  # noqa: PLC0415 - models are not loaded before
        from registrations import letters, notifications  # noqa: PLC0415

        letters.register_kinds()
        for kind in notifications.KINDS:
            register_writer(kind, notifications.write_letter)
        register_writer(notifications.INVITED, notifications.write_invitation)
        self._register_audiences()

    def _register_audiences(self) -> None:
        """Who is going, or waits, may be reminded."""
        from registrations.services import reminders  # noqa: PLC0415

        reminders.register_audiences()
