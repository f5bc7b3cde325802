"""Rights by role, in one place: an organiser sees and changes what belongs to the groups they organise.

Django's permission tables are not asked. A host has nothing to change here yet; a superuser may do everything.
"""

from dataclasses import dataclass
from functools import reduce
from typing import Any, ClassVar

from django import forms
from django.apps import apps
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from core.admin import (
    DropdownFilter,
    ManyAutocompleteWidget,
    ModelAdmin,
    OneAutocompleteWidget,
    OpenInlineMixin,
    RowsMixin,
    SearchableSelectWidget,
    ServiceMixin,
    StackedInline,
    TabularInline,
    zone_choices,
)
from events.models import Group
from events.permissions import organised_groups


@dataclass(frozen=True)
class Scope:
    """What a person may work on: everything, or the groups with these ids."""

    everything: bool
    groups: frozenset[int]

    def __bool__(self) -> bool:
        return self.everything or bool(self.groups)

    def holds(self, group_id: int | None) -> bool:
        """Whether this group is one of theirs."""
        return self.everything or group_id in self.groups


def scope_of(request: Any) -> Scope:
    """The scope of whoever asks; one query a request."""
    if not hasattr(request, "admin_scope"):
        user = request.user
        everything = user.is_active and user.is_superuser
        groups = () if everything else organised_groups(user).values_list("pk", flat=True)
        request.admin_scope = Scope(everything, frozenset(groups))
    scope: Scope = request.admin_scope
    return scope


def organises(request: HttpRequest) -> bool:
    """Whether there is anything here for this person."""
    return bool(scope_of(request))


class ChoicesInScope:
    """Foreign keys and many-to-many fields offer, and accept, what their own admin pages show."""

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> Any:
        """What the page of the other model would list; others' rows are no choice, even when posted."""
        remote = self.admin_site._registry.get(db_field.remote_field.model)  # type: ignore[attr-defined]
        if isinstance(remote, RoleAdmin):
            return remote.choices_for(request, db_field)
        return super().get_field_queryset(db, db_field, request)  # type: ignore[misc]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):  # type: ignore[attr-defined]
            kwargs.setdefault("widget", OneAutocompleteWidget(db_field, self.admin_site))  # type: ignore[attr-defined]
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):  # type: ignore[attr-defined]
            kwargs.setdefault("widget", ManyAutocompleteWidget(db_field, self.admin_site))  # type: ignore[attr-defined]
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A time zone is found by typing a part of its name."""
        if db_field.name == "time_zone":
            return forms.ChoiceField(
                label=capfirst(db_field.verbose_name), choices=zone_choices, widget=SearchableSelectWidget()
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]


class RoleAdmin(ChoicesInScope, ServiceMixin, ModelAdmin):
    """A page for organisers and superusers."""

    def choices_for(self, request: HttpRequest, db_field: Any) -> QuerySet[Any]:
        """The rows a field may point to."""
        return self.get_queryset(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return organises(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return organises(request) and (obj is None or self.may_view(request, obj))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return organises(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return organises(request) and (obj is None or self.may_change(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    def may_view(self, request: HttpRequest, row: Any) -> bool:
        """Whether an organiser may look at this row."""
        raise NotImplementedError

    def may_change(self, request: HttpRequest, row: Any) -> bool:
        """Whether an organiser may change this row."""
        raise NotImplementedError


class ScopedAdmin(RoleAdmin):
    """What belongs to one group; `group_path` leads there, empty for the group itself."""

    group_path: ClassVar[str] = "group"
    public_choices: ClassVar[frozenset[str]] = (
        frozenset()
    )  # fields ("app.model.field") that may point to public rows, too

    def public_rows(self) -> QuerySet[Any]:
        """What anybody may see of other groups."""
        return self.model._default_manager.none()

    def choices_for(self, request: HttpRequest, db_field: Any) -> QuerySet[Any]:
        """What they may work on; for some fields also what anybody may see."""
        rows = self.get_queryset(request)
        if f"{db_field.model._meta.label_lower}.{db_field.name}" not in self.public_choices:
            return rows
        pks = rows.order_by().values("pk")
        return self.model._default_manager.filter(Q(pk__in=pks) | Q(pk__in=self.public_rows().order_by().values("pk")))

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        """The same for fields that search while somebody types."""
        if request.path == reverse("admin:autocomplete"):  # which has checked that the field exists
            asking = apps.get_model(request.GET["app_label"], request.GET["model_name"])
            queryset = self.choices_for(request, asking._meta.get_field(request.GET["field_name"]))
        return super().get_search_results(request, queryset, search_term)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Rows of the groups this person organises, with what leads to the group."""
        rows = super().get_queryset(request)
        related = [path for path in (self.group_path, *(self.list_select_related or ())) if path]
        rows = rows.select_related(*related) if related else rows
        scope = scope_of(request)
        return rows if scope.everything else rows.filter(**{f"{self.group_path or 'pk'}__in": scope.groups})

    def may_view(self, request: HttpRequest, row: Any) -> bool:
        return scope_of(request).holds(self._group_of(row))

    def may_change(self, request: HttpRequest, row: Any) -> bool:
        return self.may_view(request, row)

    def _group_of(self, row: Any) -> int | None:
        group = reduce(getattr, self.group_path.split("__"), row) if self.group_path else row
        group_id: int | None = group.pk
        return group_id


class SharedAdmin(RoleAdmin):
    """A vocabulary all groups share: organisers see all of it and add to it.

    They change what is theirs alone: what their groups use (`used_by`), or they themselves added here, and no other
    group uses. Everything else is for superusers.
    """

    def uses(self, row: Any) -> set[int]:
        """The ids of the groups that use this row."""
        raise NotImplementedError

    def may_view(self, request: HttpRequest, row: Any) -> bool:
        return True

    def may_change(self, request: Any, row: Any) -> bool:
        if scope_of(request).everything:
            return True
        known: dict[Any, bool] = request.__dict__.setdefault("admin_may_change", {})
        if row not in known:  # a page asks a dozen times
            known[row] = self._is_theirs(request, row)
        return known[row]

    def _is_theirs(self, request: HttpRequest, row: Any) -> bool:
        groups = self.uses(row)
        return groups <= scope_of(request).groups if groups else was_added_by(request, row)


def was_added_by(request: HttpRequest, row: Any) -> bool:
    """Whether the admin's own log says so."""
    content_type = ContentType.objects.get_for_model(row)
    added = Q(user_id=request.user.pk, action_flag=ADDITION, content_type=content_type, object_id=str(row.pk))
    return LogEntry.objects.filter(added).exists()


class GroupFilter(DropdownFilter):
    """One of the groups this person organises; a subclass says where the group is found."""

    title = _("group")
    parameter_name = "group"
    group_path = "group"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[int, str]]:
        scope = scope_of(request)
        groups = Group.objects.order_by("name", "id")
        return list((groups if scope.everything else groups.filter(pk__in=scope.groups)).values_list("pk", "name"))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        value = self.value()
        if not value:
            return queryset
        return queryset.filter(**{self.group_path: value}) if value.isdecimal() else queryset.none()


class GroupOfEventFilter(GroupFilter):
    """The same for what belongs to an event."""

    group_path = "event__group"


class Rows(ChoicesInScope, OpenInlineMixin, RowsMixin, TabularInline):
    """Rows in a table; whoever may change the page may change them."""


class Blocks(ChoicesInScope, OpenInlineMixin, RowsMixin, StackedInline):
    """Rows one below the other; whoever may change the page may change them."""
