"""Model fields that several packages share."""

import zoneinfo
from functools import cache

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator
from django.utils.translation import gettext_lazy as _

web_address = URLValidator(schemes=["http", "https"])
slug_text = RegexValidator(
    r"^[\w-]+\Z", _("A short name holds letters, digits, hyphens and underscores only."), code="invalid"
)


@cache
def _zones() -> frozenset[str]:
    """Every zone's name; to find them the standard library reads hundreds of files, so it is asked once."""
    return frozenset(zoneinfo.available_timezones())


def iana_zone(value: str) -> None:
    """Refuse what the IANA time zone database does not name."""
    if value not in _zones():
        raise ValidationError(
            _("“%(zone)s” is not a time zone. Write it like Asia/Singapore."), code="zone", params={"zone": value}
        )
