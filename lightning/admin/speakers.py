"""Who may change a speaker: whoever organises all the groups they appear in, while nobody has claimed the profile."""

from typing import Any

from django.contrib import admin

from events.admin.scoping import SharedAdmin, scope_of
from events.models import Group
from speakers.admin import SpeakerPage
from speakers.models import Speaker


@admin.register(Speaker)
class SpeakerAdmin(SpeakerPage, SharedAdmin):
    """A person on stage."""

    def may_change(self, request: Any, row: Speaker) -> bool:
        """What somebody has claimed is theirs alone."""
        return scope_of(request).everything or (row.user_id is None and super().may_change(request, row))

    def uses(self, row: Speaker) -> set[int]:
        in_sessions = Group.objects.filter(events__sessions__session_speakers__speaker=row)
        in_talks = Group.objects.filter(events__sessions__block__talks__talk_speakers__speaker=row)
        return set(in_sessions.values_list("pk", flat=True)) | set(in_talks.values_list("pk", flat=True))
