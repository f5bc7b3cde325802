"""The events app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = _("Events")

    def ready(self) -> None:
        """Letters about events are written when they are sent."""
        from events import news_kinds, notice_letters, notifications  # noqa: PLC0415 - models are not loaded before
        from events.services.notices import expand_notices  # noqa: PLC0415
        from outbox.feeders import register_feeder  # noqa: PLC0415
        from outbox.writers import register_writer  # noqa: PLC0415

        news_kinds.register_kinds()
        register_writer(notifications.INVITE, notifications.write_invite, notifications.prepare_invites)
        register_writer(notice_letters.NOTICE, notice_letters.write_notice, notice_letters.prepare_notices)
        register_feeder("notices", expand_notices)
        self._register_reminders()
        self._register_inbound_mail()

    def _register_inbound_mail(self) -> None:
        """Who reads what comes in by mail, and writes back."""
        from events import import_letters, reply_letters  # noqa: PLC0415
        from events.services import answers, imported_events  # noqa: PLC0415
        from inbox.handlers import register_handler  # noqa: PLC0415
        from outbox.writers import register_writer  # noqa: PLC0415

        for kind in reply_letters.KINDS:
            register_writer(kind, reply_letters.write_reply)
        for kind in import_letters.KINDS:
            register_writer(kind, import_letters.write_import)
        register_handler("rsvp", answers.read_answer)
        register_handler("plan", imported_events.import_invitation)

    def _register_reminders(self) -> None:
        """Reminders are planned before each delivery, for the audiences that this floor knows and those above add."""
        from events import audiences, reminder_digest, reminder_letters  # noqa: PLC0415
        from events.selectors import reminder_people  # noqa: PLC0415
        from events.services import reminder_messages, reminder_planning  # noqa: PLC0415
        from outbox.feeders import register_feeder  # noqa: PLC0415
        from outbox.writers import register_writer  # noqa: PLC0415

        audiences.register_source("hosts", reminder_people.HOSTS)
        audiences.register_source("speakers", reminder_people.SPEAKERS)
        reminder_letters.register_kinds()
        register_writer(reminder_messages.REMINDER, reminder_letters.write_reminder, reminder_letters.prepare_reminders)
        register_writer(reminder_messages.DIGEST, reminder_digest.write_digest, reminder_digest.prepare_digests)
        register_feeder("reminders", reminder_planning.plan_reminders)
