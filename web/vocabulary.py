"""The words people read for the codes of the model, sentence case; keys are the codes of the API and the documents."""

from typing import Any

from django.utils.translation import get_language_info, gettext_lazy, pgettext_lazy

Words = dict[str, Any]

KINDS: Words = {
    "keynote": pgettext_lazy("kind of session", "Keynote"),
    "talk": pgettext_lazy("kind of session", "Talk"),
    "panel": pgettext_lazy("kind of session", "Panel"),
    "workshop": pgettext_lazy("kind of session", "Workshop"),
    "codelab": pgettext_lazy("kind of session", "Codelab"),
    "lightning": pgettext_lazy("kind of session", "Lightning"),
    "social": pgettext_lazy("kind of session", "Social"),
    "break": pgettext_lazy("kind of session", "Break"),
}
RESTS = ("break", "social")  # nobody speaks; they stay when a reader looks at the own choice only
LEVELS: Words = {
    "beginner": pgettext_lazy("level", "Beginner"),
    "intermediate": pgettext_lazy("level", "Intermediate"),
    "advanced": pgettext_lazy("level", "Advanced"),
}
ROLES: Words = {
    "speaker": pgettext_lazy("role", "speaker"),
    "moderator": pgettext_lazy("role", "moderator"),
    "panellist": pgettext_lazy("role", "panellist"),
    "host": pgettext_lazy("role", "host"),
}
RESOURCES: Words = {
    "slides": pgettext_lazy("kind of resource", "Slides"),
    "video": pgettext_lazy("kind of resource", "Video"),
    "code": pgettext_lazy("kind of resource", "Code"),
    "paper": pgettext_lazy("kind of resource", "Paper"),
    "photos": pgettext_lazy("kind of resource", "Photos"),
    "notes": pgettext_lazy("kind of resource", "Notes"),
    "course": pgettext_lazy("kind of resource", "Course"),
    "link": pgettext_lazy("kind of resource", "Link"),
}
RESOURCE_ICONS = {
    "slides": "slides",
    "video": "video",
    "code": "code",
    "paper": "doc",
    "photos": "slides",
    "notes": "doc",
    "course": "doc",
    "link": "out",
}
# What the scripts say; {braces} are theirs to fill.
ZONE_SCRIPT: Words = {
    "dayBefore": gettext_lazy("−1 day"),
    "dayAfter": gettext_lazy("+1 day"),
    "zoneTime": gettext_lazy("{place} time"),
}
SCHEDULE_SCRIPT: Words = ZONE_SCRIPT | {
    "filter": gettext_lazy("Filter"),
    "filtersOn": gettext_lazy("Filter, {count} on"),
    "clearFilters": gettext_lazy("Clear filters"),
    "shown.one": gettext_lazy("1 item"),
    "shown.other": gettext_lazy("{count} items"),
    "nothingFits": gettext_lazy("Nothing fits. Remove a filter to see more."),
    "noStars": gettext_lazy("No stars yet. Press the star of what you want to hear."),
    "changed": gettext_lazy("Changed"),
    "clash.one": gettext_lazy("Overlaps with another one you starred"),
    "clash.other": gettext_lazy("Overlaps with {count} others you starred"),
}

QUEUE_SCRIPT: Words = {
    "queue.moved": gettext_lazy("{name} is number {place} of {last}."),
    "queue.end": gettext_lazy("{name} cannot go further."),
    "queue.kept": gettext_lazy("{name} stays."),
}
LINEUP_SCRIPT: Words = {
    "lineup.lost": gettext_lazy("We could not save the order. Check the connection, then load the page again."),
}

PROPOSAL_SCRIPT: Words = {
    "link.ok": gettext_lazy("Looks good. We will show it as {link}"),
    "offline": gettext_lazy("You’re offline, so we could not send this."),
    "saved": gettext_lazy("It is saved on this device."),
    "again": gettext_lazy("Try again"),
}


def script_words(words: Words) -> dict[str, str]:
    """The words in the language of the request, as plain strings."""
    return {key: str(value) for key, value in words.items()}


def language_name(code: str) -> str:
    """A language by its own name: 简体中文 for zh-Hans; the code itself where it is not known."""
    try:
        return str(get_language_info(code.lower())["name_local"])
    except KeyError:
        return code
