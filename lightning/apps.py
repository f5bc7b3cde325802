"""The lightning app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LightningConfig(AppConfig):
    name = "lightning"
    verbose_name = _("Lightning talks")

    def ready(self) -> None:
        """Letters say how many talks a round has."""
        from events.letter_basis import register_session_notes  # noqa: PLC0415 - models are not loaded before
        from lightning.letters import session_notes  # noqa: PLC0415

        register_session_notes(session_notes)
        self._register_audiences()
        self._register_invites()
        self._register_letters()

    def _register_audiences(self) -> None:
        """Who has a slot, or is on stand-by, may be reminded."""
        from lightning.services import reminders  # noqa: PLC0415

        reminders.register_audiences()

    def _register_invites(self) -> None:
        """Speakers' calendars show their slots, and they hear of changes."""
        from events.concerned import register_people  # noqa: PLC0415
        from events.invited import register_entries  # noqa: PLC0415
        from events.services.invite_rounds import once_a_minute  # noqa: PLC0415
        from lightning.services import speaker_invites  # noqa: PLC0415
        from outbox.feeders import register_feeder  # noqa: PLC0415

        register_entries(speaker_invites.read_talks)
        register_people(speaker_invites.PEOPLE)
        register_feeder("speaker_invites", once_a_minute("speakers", speaker_invites.settle_speakers))

    def _register_letters(self) -> None:
        """Letters about talks are written when they are sent; what is due is looked for before each delivery."""
        from events.services.invite_rounds import once_a_minute  # noqa: PLC0415
        from lightning import notifications, organiser_letters, talk_letters, talk_writers  # noqa: PLC0415
        from lightning.services.chasing import look_after_speakers  # noqa: PLC0415
        from lightning.services.stand_by import settle_offers  # noqa: PLC0415
        from outbox.feeders import register_feeder  # noqa: PLC0415
        from outbox.writers import register_writer  # noqa: PLC0415

        talk_letters.register_kinds()
        for kind in notifications.TO_SPEAKERS:
            register_writer(kind, talk_writers.write_letter, talk_writers.prepare_letters)
        for kind in notifications.TO_ORGANISERS:
            register_writer(kind, organiser_letters.write_letter, organiser_letters.prepare_letters)
        register_feeder("lightning", once_a_minute("lightning", look_after_speakers))
        register_feeder("slot_offers", once_a_minute("slot_offers", settle_offers))
