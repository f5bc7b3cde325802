"""What somebody chose about the mails they get: their preferences, and what they are unsubscribed from."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q
from django.db.models.functions import Lower

from accounts.mail_preferences import mail_preferences_of
from accounts.models import MailPreferences, User
from accounts.selectors import addresses_of
from events.mail_scopes import ALL_REMINDERS, group_in, reminders_of
from events.models import Event, Group
from outbox.models import Suppression
from outbox.unsubscribing import address_digest


@dataclass(frozen=True)
class GroupChoice:
    """One group somebody has to do with, and whether it may remind them."""

    group: Group
    gets_reminders: bool


@dataclass(frozen=True)
class MailStanding:
    """Everything the page of choices shows; `bounced` are addresses of theirs whose mails came back."""

    preferences: MailPreferences
    gets_reminders: bool
    groups: list[GroupChoice]
    bounced: list[str]


def mail_standing(user: User) -> MailStanding:
    """How it stands; four queries. Unsubscribed at one of their addresses counts as unsubscribed."""
    by_digest = {address_digest(address): address for address in addresses_of(user)}
    stopped = list(Suppression.objects.filter(digest__in=by_digest).values_list("digest", "scope"))
    scopes = {scope for _digest, scope in stopped}
    named = [number for number in map(group_in, scopes) if number is not None]
    return MailStanding(
        preferences=mail_preferences_of(user),
        gets_reminders=ALL_REMINDERS not in scopes,
        groups=[GroupChoice(group, reminders_of(group.pk) not in scopes) for group in groups_of(user, and_also=named)],
        bounced=sorted(by_digest[digest] for digest, scope in stopped if not scope),
    )


def unsubscriptions_of(user: User) -> list[tuple[str, Suppression]]:
    """What each of their addresses is not written to about, the oldest first; two queries."""
    by_digest = {address_digest(address): address for address in addresses_of(user)}
    rows = Suppression.objects.filter(digest__in=by_digest).order_by("since", "id")
    return [(by_digest[row.digest], row) for row in rows]


def groups_of(user: User, *, and_also: Collection[int] = ()) -> list[Group]:
    """The groups somebody belongs to, registered at or speaks at, by name; one query."""
    events = Event.objects.filter(
        Q(registrations__user=user)
        | Q(sessions__session_speakers__speaker__user=user)
        | Q(sessions__block__talks__talk_speakers__speaker__user=user)
    )
    theirs = Q(memberships__user=user) | Q(pk__in=events.values("group")) | Q(pk__in=and_also)
    return list(Group.objects.filter(theirs).distinct().order_by(Lower("name"), "pk"))
