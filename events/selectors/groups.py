"""Public reads of groups and their series."""

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.db.models.functions import Lower

from accounts.models import User
from core.queries import by_slug
from events.models import Group, GroupLink, Membership, Series
from events.models.group import GroupQuerySet
from speakers.models import Topic


def listed_groups() -> GroupQuerySet:
    """What anybody finds, by name, with topics and links; three queries."""
    return with_card(Group.objects.listed()).order_by(Lower("name"), "id")


def published_group(slug: str) -> Group:
    """The group for who knows its address, listed or not, whatever the case; raises Group.DoesNotExist."""
    return by_slug(with_card(Group.objects.all()), slug)


def published_series(slug: str) -> Series:
    """The series for who knows its address, whatever the case; raises Series.DoesNotExist."""
    return by_slug(Series.objects.select_related("group", "venue"), slug)


def with_card(groups: GroupQuerySet) -> GroupQuerySet:
    """With all that a card or an API item shows; three queries."""
    return groups.prefetch_related(
        Prefetch("topics", queryset=Topic.objects.order_by("name", "id")),
        Prefetch("links", queryset=GroupLink.objects.order_by("position", "id")),
    )


def memberships_of(user: User) -> QuerySet[Membership]:
    """A person's groups by name, listed or not; one query."""
    return Membership.objects.filter(user=user).select_related("group").order_by(Lower("group__name"), "id")


def organised_alone_by(user: User) -> list[Group]:
    """The groups that would be without organiser if this person went, by name; one query."""
    organisers = Membership.objects.filter(group=OuterRef("pk"), role=Membership.Role.ORGANISER)
    theirs = Group.objects.filter(Exists(organisers.filter(user=user)))
    return list(theirs.exclude(Exists(organisers.exclude(user=user))).order_by(Lower("name"), "id"))
