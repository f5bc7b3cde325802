"""What people call themselves, wherever they fill it in."""

from django.utils.translation import gettext as _

from core.errors import RuleViolation
from core.text import UNPRINTABLE, clean_line

LONGEST_NAME = 120


def clean_name(name: str) -> str:
    """One printable line, not empty, not too long; raises RuleViolation on the field."""
    given, name = name.strip(), clean_line(name)
    if not name:
        raise RuleViolation("name_missing", _("The name is empty. Write what people call you."), field="name")
    if UNPRINTABLE.search(given):
        message = _("The name holds a line break or a character nobody can see. Write it on one line.")
        raise RuleViolation("name_unprintable", message, field="name")
    if len(name) > LONGEST_NAME:
        raise RuleViolation("name_too_long", _("The name is longer than 120 characters. Shorten it."), field="name")
    return name
