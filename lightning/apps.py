"""The lightning app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LightningConfig(AppConfig):
    name = "lightning"
    verbose_name = _("Lightning talks")

    def ready(self) -> None:
        """Letters say how many talks a round has."""
        from events.letters import register_session_notes  # noqa: PLC0415 - models are not loaded before
        from lightning.letters import session_notes  # noqa: PLC0415

        register_session_notes(session_notes)
        self._register_audiences()

    def _register_audiences(self) -> None:
        """Who has a slot, or is on stand-by, may be reminded."""
        from lightning.services import reminders  # noqa: PLC0415

        reminders.register_audiences()
