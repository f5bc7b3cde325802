"""A sentence for each warning about a line-up, with the slots it is about."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lightning.lineup_warnings import Code, Finding


def sentence(found: Finding) -> str:
    """Like “Slides are missing: slots 3 and 4.”."""
    return SENTENCES[found.code](found)


def slots_text(slots: tuple[int, ...]) -> str:
    """“slot 3”, “slots 3 to 5”, “slots 3, 5 and 8”."""
    if len(slots) == 1:
        return _("slot %d") % slots[0]
    values = {"first": slots[0], "last": slots[-1]}
    if len(slots) > 2 and slots[-1] - slots[0] == len(slots) - 1:
        return _("slots %(first)d to %(last)d") % values
    return _("slots %(some)s and %(last)d") % {"some": ", ".join(map(str, slots[:-1])), "last": slots[-1]}


def _values(found: Finding) -> dict[str, object]:
    first, *rest = [*found.words, "", ""]
    return {"what": first, "where": rest[0], "slots": slots_text(found.slots), "count": found.count}


def _saying(text: Callable[[], str]) -> Callable[[Finding], str]:
    return lambda found: text() % _values(found)


def _too_many(found: Finding) -> str:
    """The talks beyond the last slot."""
    text = ngettext(
        "The round has %(count)d slot, and more talks: %(slots)s.",
        "The round has %(count)d slots, and more talks: %(slots)s.",
        found.count,
    )
    return text % _values(found)


def _runs_into(found: Finding) -> str:
    """By how much."""
    text = ngettext(
        "The line-up runs %(count)d minute into “%(what)s” in the same room.",
        "The line-up runs %(count)d minutes into “%(what)s” in the same room.",
        found.count,
    )
    return text % _values(found)


SENTENCES: dict[Code, Callable[[Finding], str]] = {
    Code.TOO_MANY: _too_many,
    Code.RUNS_INTO: _runs_into,
    Code.ELSEWHERE: _saying(lambda: _("%(what)s is in “%(where)s” at the same time: %(slots)s.")),
    Code.SPEAKER_TWICE: _saying(lambda: _("%(what)s speaks several times in a row: %(slots)s.")),
    Code.ORGANISATION_TWICE: _saying(lambda: _("%(what)s speaks several times in a row: %(slots)s.")),
    Code.TOPIC_TWICE: _saying(lambda: _("“%(what)s” is the topic several times in a row: %(slots)s.")),
    Code.FIRST_TALKS: _saying(
        lambda: _("First talks follow each other: %(slots)s. Somebody with practice helps in between.")
    ),
    Code.LANGUAGE_CHANGES: _saying(lambda: _("The language changes %(count)d times: at %(slots)s.")),
    Code.UNCONFIRMED: _saying(lambda: _("Not confirmed yet: %(slots)s.")),
    Code.NO_TITLE: _saying(lambda: _("The title is missing: %(slots)s.")),
    Code.NO_SLIDES: _saying(lambda: _("Slides are missing: %(slots)s.")),
}
