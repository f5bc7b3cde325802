"""What a short name looks like inside an address."""

from django.urls import register_converter


class ShortName:
    """Letters of any script, digits, hyphens and underscores: what core.fields.slug_text accepts."""

    regex = r"[\w-]{1,80}"

    def to_python(self, value: str) -> str:
        """Nothing to convert."""
        return value

    def to_url(self, value: str) -> str:
        """Nothing to convert."""
        return value


register_converter(ShortName, "short")
