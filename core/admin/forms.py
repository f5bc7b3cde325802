"""Forms whose values go to a service: they never write, and they show what the service refused."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models.functions import Lower
from django.forms.models import InlineForeignKeyField
from django.utils.translation import gettext as _

from core.text import unique_slug

Errors = Mapping[str | None, list[str]]


class RowForm(forms.ModelForm):  # type: ignore[type-arg]
    """One row; `extra_values` maps fields that are none of the model's to the service's argument they become."""

    extra_values: ClassVar[Mapping[str, str]] = {}
    refusal: Errors = {}

    def full_clean(self) -> None:
        """As usual, and then what a service refused a moment ago."""
        super().full_clean()
        for name, messages in self.refusal.items():
            for message in messages:
                self.add_error(name if name in self.fields else None, message)

    def service_values(self) -> dict[str, Any]:
        """What the form says by the names a service knows: of a new row everything, else what was changed."""
        names = list(self.fields) if self.instance._state.adding else self.changed_data
        return {self.extra_values.get(name, name): self._value(name) for name in names if self._is_data(name)}

    def _is_data(self, name: str) -> bool:
        if name in self.extra_values:
            return True
        known = {field.name for field in (*self._meta.model._meta.fields, *self._meta.model._meta.many_to_many)}
        is_key = name == self._meta.model._meta.pk.name
        return name in known and not is_key and not isinstance(self.fields[name], InlineForeignKeyField)

    def _value(self, name: str) -> Any:
        """As the instance holds it (an uploaded file has become one of its own there); lists as they were chosen."""
        chosen = self.cleaned_data.get(name)
        is_column = any(field.name == name for field in self._meta.model._meta.concrete_fields)
        return getattr(self.instance, name) if is_column else list(chosen or ())


class SluggedForm(RowForm):
    """A row with a short name, which is made of another field where nobody writes one."""

    slug_source: ClassVar[str] = "name"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _("Part of the page's address. Left empty, it is made for you.")

    def clean(self) -> dict[str, Any]:
        """Fill the short name in, or say on the spot that it is taken, whatever its case."""
        cleaned = super().clean() or self.cleaned_data
        if "slug" in self.fields and "slug" not in self.errors:
            taken = self._taken()
            if not cleaned.get("slug"):
                model = self._meta.model._meta.model_name
                cleaned["slug"] = unique_slug(str(cleaned.get(self.slug_source, "")), taken, fallback=model)
            elif cleaned["slug"].lower() in taken:
                self.add_error("slug", _("This short name is taken. Choose another one."))
        return cleaned

    def _taken(self) -> set[str]:
        others = self._meta.model._default_manager.exclude(pk=self.instance.pk)
        return set(others.values_list(Lower("slug"), flat=True))


def errors_of(reason: Any) -> dict[str | None, list[str]]:
    """What a RuleViolation or ValidationError says, by field; None is the form as a whole."""
    if hasattr(reason, "error_dict"):
        return {None if name == NON_FIELD_ERRORS else name: texts for name, texts in reason.message_dict.items()}
    if hasattr(reason, "messages"):
        return {None: list(reason.messages)}
    return {reason.field: [reason.message]}
