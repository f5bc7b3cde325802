"""Visitors of the real site: what they ask for, how it was answered, and how long they waited."""

import http.client
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from urllib.parse import urlencode

from django.test import Client
from django.utils import timezone

from accounts.feed_keys import make_feed_key
from accounts.models import User
from events.models import Event
from tests.factories.accounts import UserFactory
from tests.factories.events import EventFactory
from tests.factories.registrations import PlanFactory

TOKEN = "c" * 32  # of a form, in the cookie and in the field
RSVP = "/events/evening/rsvp/"
GIVES_UP_AFTER_SECONDS = 30


@dataclass(frozen=True)
class Visit:
    """One request: a GET, or a POST of a form; `session` is the cookie of somebody who is signed in."""

    path: str
    form: dict[str, str] | None = None
    session: str = ""


@dataclass(frozen=True)
class Answer:
    """What came back: 0 is no answer at all."""

    visit: Visit
    status: int
    seconds: float


@dataclass
class Visitors:
    """Eight at a time, against one port."""

    port: int
    answers: list[Answer] = field(default_factory=list)

    def come(self, visits: Iterable[Visit]) -> None:
        """Return when all have been answered."""
        with ThreadPoolExecutor(8) as pool:
            self.answers += pool.map(self._ask, visits)

    def statuses(self) -> Counter[int]:
        return Counter(answer.status for answer in self.answers)

    def slowest(self, *, share: float = 0.01) -> float:
        """The wait that all but this share of the visitors stayed below."""
        waits = sorted(answer.seconds for answer in self.answers)
        return waits[int(len(waits) * (1 - share)) - 1]

    def rsvps(self, status: int) -> list[Answer]:
        """The RSVPs of people who are signed in that were answered so."""
        return [one for one in self.answers if one.visit.path == RSVP and one.visit.session and one.status == status]

    def _ask(self, visit: Visit) -> Answer:
        started = time.monotonic()
        try:
            status = self._status(visit)
        except (OSError, http.client.HTTPException):
            status = 0
        return Answer(visit, status, time.monotonic() - started)

    def _status(self, visit: Visit) -> int:
        cookies = f"csrftoken={TOKEN}" + (f"; sessionid={visit.session}" if visit.session else "")
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=GIVES_UP_AFTER_SECONDS)
        try:
            if visit.form is None:
                line.request("GET", visit.path, headers={"Cookie": cookies} if visit.session else {})
            else:
                body = urlencode(visit.form | {"csrfmiddlewaretoken": TOKEN})
                kind = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
                line.request("POST", visit.path, body, kind)
            answer = line.getresponse()
            answer.read()
            return answer.status
        finally:
            line.close()


class Evening:
    """A meetup next week with room for everybody, and newcomers without end."""

    def __init__(self) -> None:
        self.event: Event = EventFactory(slug="evening", starts_at=timezone.now() + timedelta(days=7))
        PlanFactory(event=self.event, room=None)
        self.numbers = count()
        key = make_feed_key(user=UserFactory(email="cy@example.org"), now=timezone.now())
        self.reading = [
            Visit("/"),
            Visit("/events/evening/"),
            Visit("/events/evening/schedule/"),
            Visit("/api/v1/events/"),
            Visit("/api/v1/events/evening/"),
            Visit(f"/calendars/personal/{key}.ics"),
        ]

    def rsvp(self) -> Visit:
        """Somebody with an account takes a seat with one click."""
        user: User = UserFactory(email=f"known{next(self.numbers)}@example.org")
        browser = Client()
        browser.force_login(user)
        return Visit(RSVP, {"place": "room"}, browser.cookies["sessionid"].value)

    def stranger(self) -> Visit:
        """Somebody without one asks for a seat, and is sent a code."""
        return Visit(RSVP, {"name": "Dee", "email": f"dee{next(self.numbers)}@example.org"})

    def sign_in(self) -> Visit:
        """Somebody asks for a code to sign in with."""
        return Visit("/accounts/login/code/", {"email": f"eve{next(self.numbers)}@example.org"})

    def round(self) -> list[Visit]:
        """What a few people do at once."""
        return [*self.reading, *(self.rsvp() for _ in range(4))]

    def newcomers(self) -> list[Visit]:
        """Who is sent a code; few, for of one network only so many are let in."""
        return [self.stranger(), self.sign_in()]
