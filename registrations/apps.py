"""The registrations app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistrationsConfig(AppConfig):
    name = "registrations"
    verbose_name = _("Registrations")

    def ready(self) -> None:
        """Letters about registrations are written when they are sent; answers of calendars are heard."""
        from outbox.writers import register_writer  # noqa: PLC0415 - models are not loaded before
        from registrations import letters, notifications, receivers  # noqa: F401, PLC0415
        from registrations.services.invites import inviting_all_first, inviting_first  # noqa: PLC0415

        letters.register_kinds()
        for kind in notifications.KINDS:
            register_writer(
                kind, inviting_first(notifications.write_letter), inviting_all_first(notifications.prepare_letters)
            )
        register_writer(notifications.INVITED, notifications.write_invitation, notifications.prepare_invitations)
        self._register_audiences()
        self._register_invites()

    def _register_audiences(self) -> None:
        """Who is going, or waits, may be reminded."""
        from registrations.services import reminders  # noqa: PLC0415

        reminders.register_audiences()

    def _register_invites(self) -> None:
        """Calendars of who comes show it, and who comes or waits hears of changes."""
        from events.concerned import register_people  # noqa: PLC0415
        from events.services.invite_rounds import once_a_minute  # noqa: PLC0415
        from outbox.feeders import register_feeder  # noqa: PLC0415
        from registrations.services import invites  # noqa: PLC0415

        register_people(invites.PEOPLE)
        register_feeder("invites", once_a_minute("invites", invites.settle_registrations))
