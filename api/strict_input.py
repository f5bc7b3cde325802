"""What clients send, taken at its word: no unknown field is passed by, no text is read as a number."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.exceptions import ParseError, ValidationError

CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class StrictInput(serializers.Serializer):
    """A JSON object with the fields named here and no others."""

    def to_internal_value(self, data: Any) -> Any:
        """The values; raises ParseError or ValidationError with a sentence for each field."""
        if not isinstance(data, Mapping):
            if self.parent is not None:
                raise ValidationError([_("This is not a JSON object. Send {…} with the fields.")])
            raise ParseError("The body is not a JSON object. Send {…} with the fields.")
        known = [name for name, field in self.fields.items() if not field.read_only]
        unknown = [name for name in data if name not in known]
        if unknown:
            cure = _("There is no such field. Known: %(known)s.") % {"known": ", ".join(known)}
            raise ValidationError({name[:80] or "(empty)": [cure] for name in unknown[:20]})
        return super().to_internal_value(data)


class LineField(serializers.CharField):
    """One line of text; white space at its ends goes."""

    default_error_messages = {
        "invalid": gettext_lazy("Send a text in quotation marks."),
        "blank": gettext_lazy("This is empty. Write something, or leave the field out."),
        "controls": gettext_lazy("Write one line: leave out line breaks and control characters."),
        "max_length": gettext_lazy("This is longer than {max_length} characters. Shorten it."),
    }

    def to_internal_value(self, data: Any) -> str:
        """The text; a number or a boolean is none."""
        if not isinstance(data, str):
            self.fail("invalid")
        if CONTROLS.search(data.strip()):
            self.fail("controls")
        return super().to_internal_value(data)


class WholeNumberField(serializers.IntegerField):
    """A JSON number without a fraction; "2", 2.0 and true are none."""

    default_error_messages = {
        "invalid": gettext_lazy("Send a whole number, without quotation marks."),
        "min_value": gettext_lazy("The smallest number possible is {min_value}."),
        "max_value": gettext_lazy("The largest number possible is {max_value}."),
    }

    def to_internal_value(self, data: Any) -> int:
        """The number."""
        if type(data) is not int:
            self.fail("invalid")
        return data


class YesField(serializers.BooleanField):
    """The JSON value true; there is nothing else to say."""

    default_error_messages = {"invalid": gettext_lazy("Send true, without quotation marks.")}

    def to_internal_value(self, data: Any) -> bool:
        """True."""
        if data is not True:
            self.fail("invalid")
        return True


class FlagField(serializers.BooleanField):
    """The JSON value true or false; "true" and 1 are neither."""

    default_error_messages = {"invalid": gettext_lazy("Send true or false, without quotation marks.")}

    def to_internal_value(self, data: Any) -> bool:
        """The value."""
        if not isinstance(data, bool):
            self.fail("invalid")
        return data


class UidField(serializers.UUIDField):
    """A UUID as text; a number is none."""

    default_error_messages = {"invalid": gettext_lazy("Send a UUID as text, such as the `uid` of a session.")}

    def to_internal_value(self, data: Any) -> Any:
        """The UUID."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)
