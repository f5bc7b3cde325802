"""Fields that several resources share."""

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from rest_framework import serializers

from core.zones import local_text


class LocalTime(serializers.DateTimeField):
    """An instant on the clock of the row's own `time_zone`, with its offset."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(source="*", read_only=True, **kwargs)

    def to_representation(self, row: Any) -> str:
        """ISO 8601, to the second."""
        return local_text(getattr(row, str(self.field_name)), ZoneInfo(row.time_zone))


class PageURL(serializers.URLField):
    """The full address of a row's page on this site."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(source="get_absolute_url", read_only=True, **kwargs)

    def to_representation(self, path: str) -> str:
        """Built from SITE_URL, never from the Host header."""
        return absolute(path)


class FileURL(serializers.URLField):
    """The full address of an uploaded file; null where there is none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, allow_null=True, **kwargs)

    def get_attribute(self, row: Any) -> Any:
        """An empty file field is no file."""
        return super().get_attribute(row) or None

    def to_representation(self, file: Any) -> str:
        """Media may live on a host of their own."""
        return absolute(file.url)


def absolute(address: str) -> str:
    """A path as a full address; what is one already stays as it is."""
    return settings.SITE_URL + address if address.startswith("/") else address
