"""The demo's attendees: everybody registers, waits, asks and is checked in through the services, as people would."""

import datetime as dt
import tomllib
import uuid
from collections.abc import Iterator, Mapping
from itertools import cycle
from pathlib import Path
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.services import account_for_address
from core.changes import RowChange
from events.models import Event
from outbox.services import drop_messages
from registrations.models import Place, Registration, RegistrationPlan
from registrations.selectors.plans import plan_of_event
from registrations.services.door import Scan, record_scan
from registrations.services.invitations import invite
from registrations.services.leaving import leave
from registrations.services.no_show import AFTER, mark_no_shows
from registrations.services.plans import change_questions, create_plan
from registrations.services.registering import approve, register
from registrations.services.wishes import Wish
from registrations.tickets import ticket_code

FILE = Path(__file__).parent.parent / "demo" / "rsvps.toml"
RULES = ("max_guests", "closes_because", "reconfirm_days", "waiting_list", "offer_hours", "admission")
ORGANISER = "ada@lectern.example"
EVERY = dt.timedelta(minutes=37)  # somebody registers

Spec = Mapping[str, Any]


@transaction.atomic
def load_demo_rsvps(*, now: dt.datetime) -> int:
    """Give the demo's events attendees, once; how many events. What is there stays as people have changed it."""
    plan = tomllib.loads(FILE.read_text(encoding="utf-8"))
    if RegistrationPlan.objects.filter(event__slug__in=[spec["event"] for spec in plan["rsvp"]]).exists():
        return 0
    people = [_person(name, number) for number, name in enumerate(plan["people"])]
    for spec in plan["rsvp"]:
        Evening(spec, people, now).play()
    for person in people:  # nobody reads what is written to people who were made up
        drop_messages(recipient_id=person.pk, addresses=[person.email])
    return len(plan["rsvp"])


def _person(name: str, number: int) -> User:
    return account_for_address(email=f"guest-{number + 1}@lectern.example", name=name)


class Evening:
    """One event of the file, told in the order in which it happens."""

    def __init__(self, spec: Spec, people: list[User], now: dt.datetime) -> None:
        self.spec, self.strangers = spec, cycle(people)
        self.event = Event.objects.get(slug=spec["event"])
        self.ada = User.objects.get(email=ORGANISER)
        self.now = min(now, self.event.starts_at)
        self.plan = self._plan()

    def play(self) -> None:
        """Everybody comes, then the doors open."""
        spec, first = self.spec, [User.objects.get(email=email) for email in self.spec.get("also", ())]
        arrivals = list(self._arrivals(first))
        began = self.now - len(arrivals) * EVERY
        for number, user in enumerate(arrivals):
            with_guest = "with_guest" in spec and number % spec["with_guest"] == 0
            self._register(user, int(with_guest), at=began + number * EVERY)
        for row in self._rows()[: spec.get("leaves", 0)]:
            leave(registration=row, now=self.now, by=row.user)
        if "invited" in spec:
            invite(plan=self.plan, emails=", ".join(spec["invited"]), by=self.ada, now=self.now)
        self._open_the_doors(spec.get("came", 0))

    def _plan(self) -> RegistrationPlan:
        spec = self.spec
        rules = {name: spec[name] for name in RULES if name in spec}
        if "closes_hours" in spec:
            rules["closes_at"] = self.event.starts_at - dt.timedelta(hours=spec["closes_hours"])
        if "opens_days" in spec:
            rules["opens_at"] = self.event.starts_at - dt.timedelta(days=spec["opens_days"])
        plan = create_plan(event=self.event, now=self.now, seats=spec["seats"], **rules)
        questions = [{"position": number, **row} for number, row in enumerate(spec.get("question", ()))]
        change_questions(plan=plan, changes=[RowChange(None, row) for row in questions])
        return plan_of_event(plan.event_id)

    def _arrivals(self, first: list[User]) -> Iterator[User]:
        """Those going, then those who wait: two, the one named by `then` (first where somebody leaves), the others."""
        spec, then = self.spec, [User.objects.get(email=self.spec["then"])] if "then" in self.spec else []
        yield from first
        yield from (next(self.strangers) for _ in range(spec.get("going", 0) - len(first) + spec.get("asked", 0)))
        before = 0 if spec.get("leaves") else 2
        waiting = [next(self.strangers) for _ in range(spec.get("waiting", 0) - len(then))]
        yield from waiting[:before] + then + waiting[before:]

    def _register(self, user: User, guests: int, *, at: dt.datetime) -> None:
        place = Place.ROOM if Place.ROOM in self.plan.places else Place.ONLINE
        wish = Wish(user.name, place=place, guests=guests, answers=self._answers(user))
        outcome = register(plan=self.plan, user=user, wish=wish, is_proven=True, now=at, by=user)
        rows = Registration.objects.filter(event=self.event).count()
        if self.spec.get("admission") == "approval" and rows <= self.spec["going"]:
            approve(registration=outcome.registration, by=self.ada, now=at + EVERY / 2)

    def _answers(self, user: User) -> dict[int, str]:
        """Everybody says something else, always the same."""
        said = {"yes_no": ["yes", "no"], "text": ["To listen"]}
        choices = {question.pk: question.choices or said[question.kind] for question in self.plan.questions.all()}
        return {pk: options[user.pk % len(options)] for pk, options in choices.items()}

    def _rows(self) -> list[Registration]:
        return list(Registration.objects.filter(event=self.event).select_related("user").order_by("pk"))

    def _open_the_doors(self, came: int) -> None:
        for number, row in enumerate(self._rows()[:came]):
            at = self.event.starts_at + dt.timedelta(seconds=40 * number)
            name = uuid.uuid5(row.public_id, "demo")
            record_scan(
                event=self.event, scan=Scan(id=name, ticket=ticket_code(row), action="in", at=at), by=self.ada, now=at
            )
        if came:
            mark_no_shows(now=self.event.ends_at + AFTER)
