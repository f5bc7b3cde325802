"""Bo, who was invited by mail to an evening that is full, and the mails his calendar sends."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from events.models import CalendarInvite, Event, Membership, ReplyAddress
from inbox.models import InboundMail
from inbox.services import handle, receive
from outbox.models import Message
from registrations.models import Registration, RegistrationPlan
from registrations.services.registering import register
from registrations.services.wishes import Wish
from tests.factories import EventFactory, GroupFactory, MembershipFactory, UserFactory
from tests.factories.registrations import PlanFactory

CORPUS = Path(__file__).parents[1] / "golden" / "inbound"
UID = "5a1f0f0e-0b7d-4b8e-9a53-1d2a3c4d5e6f"
TOKEN = "k7q2m4x5n6p7r2s3"
ADDRESS = f"rsvp+{TOKEN}@meet.example"
HOUR = dt.timedelta(hours=1)


@dataclass
class Evening:
    """One seat, which Bo holds; Ada organises, Cy waits."""

    event: Event
    plan: RegistrationPlan
    ada: User
    bo: User
    cy: User
    invite: CalendarInvite
    now: dt.datetime

    def state(self, user: User) -> str:
        """Where they stand."""
        return Registration.objects.get(event=self.event, user=user).state

    @property
    def states(self) -> tuple[str, str]:
        """Bo's and Cy's."""
        return self.state(self.bo), self.state(self.cy)

    def answer(self, name: str, changes: dict[str, str] | None = None, *, now: dt.datetime | None = None) -> str:
        """What becomes of a mail of the corpus, with these words changed."""
        raw = (CORPUS / f"{name}.eml").read_bytes()
        for before, after in (changes or {}).items():
            raw = raw.replace(before.encode(), after.encode())
        return self.read(raw, now=now)

    def read(self, raw: bytes, *, recipient: str = ADDRESS, now: dt.datetime | None = None) -> str:
        """What becomes of a mail: `state: reason`."""
        at = now or self.now
        mail = receive(raw=raw, recipient=recipient, source=InboundMail.Source.PIPE, now=at)
        handle(mail.pk, now=at)
        mail.refresh_from_db()
        self.invite.refresh_from_db()
        return f"{mail.state}: {mail.outcome}"

    def letters(self) -> list[tuple[str, str]]:
        """Kind and address of what was queued about answers, in order."""
        rows = Message.objects.filter(kind__startswith="reply_").order_by("pk")
        return list(rows.values_list("kind", "address"))


def evening(now: dt.datetime, *, capacity: int | None = 1, **invited: Any) -> Evening:
    """A week ahead; Bo's calendar was told with SEQUENCE 1, yesterday."""
    group = GroupFactory(name="TensorFlow Singapore")
    ada = MembershipFactory(group=group, user__email="ada@example.org", role=Membership.Role.ORGANISER).user
    event = EventFactory(
        group=group,
        title="Lightning talks",
        ical_uid=UID,
        starts_at=now + dt.timedelta(days=6, hours=17),
    )
    plan = PlanFactory(event=event, room=capacity)
    bo, cy = (UserFactory(email=f"{name}@example.org", name=name.title()) for name in ("bo", "cy"))
    for user in (bo, cy):
        register(plan=plan, user=user, wish=Wish(user.name), is_proven=True, now=now - dt.timedelta(days=2), by=user)
    reply_address = ReplyAddress.objects.create(group=group, address=bo.email, token=TOKEN, created_at=now)
    values: dict[str, Any] = {"user": bo, "address": bo.email, "name": "Bo", "partstat": "ACCEPTED"} | invited
    invite = CalendarInvite.objects.create(
        uid=UID,
        event=event,
        reply_address=reply_address,
        organizer=ADDRESS,
        sequence=1,
        revision=1,
        stamped_at=now - dt.timedelta(days=1),
        told=told_of(event),
        created_at=now - dt.timedelta(days=1),
        **values,
    )
    Message.objects.all().delete()
    return Evening(event, plan, ada, bo, cy, invite, now)


def told_of(event: Event) -> dict[str, str]:
    """What the calendar was told, as events.invite_steps keeps it."""
    return {
        "starts_at": event.starts_at.isoformat(),
        "ends_at": event.ends_at.isoformat(),
        "zone": event.time_zone,
        "location": "",
        "format": event.format,
        "status": "CONFIRMED",
        "summary": event.title,
    }


@pytest.fixture
def full(now: dt.datetime) -> Evening:
    """One seat, which Bo holds."""
    return evening(now)
