"""The cast at one evening: who organises, who keeps the door, who comes, who has nothing to do with it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from accounts.models import User
from accounts.services import issue_api_token
from events.models import Event
from registrations.models import Registration
from registrations.selectors.plans import plan_of_event
from registrations.services.registering import register
from registrations.services.wishes import Wish
from tests.factories import EventFactory, GroupFactory, MembershipFactory, UserFactory
from tests.factories.registrations import PlanFactory

NOW = dt.datetime(2026, 11, 17, 18, 0, tzinfo=dt.UTC)


@dataclass
class Cast:
    """One event with two seats in the room and one online; Ada organises, Hana hosts, Bo comes."""

    event: Event
    people: dict[str, User]

    def __getattr__(self, name: str) -> User:
        """By name: cast.ada."""
        return self.people[name]


def meet() -> Cast:
    """Everybody, in the evening's group or in another."""
    group, other = GroupFactory(slug="dl"), GroupFactory(slug="gdg")
    names = ("ada", "hana", "bo", "cy", "dee", "ann")
    people = {name: UserFactory(name=name.title(), email=f"{name}@example.org") for name in names}
    people["root"] = UserFactory(name="Root", email="root@example.org", is_superuser=True, is_staff=True)
    MembershipFactory(group=group, user=people["ada"], role="organiser")
    MembershipFactory(group=group, user=people["hana"], role="host")
    MembershipFactory(group=group, user=people["bo"], role="member")
    MembershipFactory(group=other, user=people["ann"], role="organiser")
    event = EventFactory(
        slug="neurips", group=group, starts_at=NOW + dt.timedelta(days=3), format="hybrid",
        online_url="https://meet.example/secret-room",
    )  # fmt: skip
    PlanFactory(event=event, room=2, online=1, max_guests=1)
    return Cast(event, people)


def comes(cast: Cast, name: str, *, now: dt.datetime = NOW, **wish: Any) -> Registration:
    """The registration of one of the cast, through the service."""
    user, plan = cast.people[name], plan_of_event(cast.event.pk)
    asked = Wish(name=user.name, **wish)
    return register(plan=plan, user=user, wish=asked, is_proven=True, now=now, by=user).registration


def bearer(user: User, *scopes: str, days: int = 2) -> dict[str, str]:
    """A header with a token that lives for so many days from yesterday on."""
    yesterday = timezone.now() - dt.timedelta(days=1)
    expires_at = yesterday + dt.timedelta(days=days)
    _token, secret = issue_api_token(user=user, name="t", scopes=scopes, expires_at=expires_at, now=yesterday)
    return {"Authorization": f"Bearer {secret}"}
