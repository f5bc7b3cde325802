"""An event that moves and is called off while mails about it are under way: what each person finds in the end."""

import email
import email.policy
import time
from datetime import timedelta

from django.utils import timezone

from events.models import CalendarInvite, ChangeNotice, Event
from events.services.events import cancel_event, revise_event
from outbox.delivery.rules import BATCH_SECONDS
from outbox.models import Message, State
from registrations.models import Registration
from tests.faults import letters
from tests.faults.audiences import event_in, fill, remind, take_a_seat
from tests.faults.figures import Say
from tests.faults.sink import Gate, Sink
from tests.faults.site import Site, wait_for

HOURS = timedelta(hours=1)


def inboxes(sink: Sink) -> dict[str, list[str]]:
    """By address, in the order of arrival: the kind of each mail, with METHOD and SEQUENCE where it has them."""
    kinds = dict(Message.objects.values_list("message_id", "kind"))
    found: dict[str, list[str]] = {}
    for mail in sink.mails:
        found.setdefault(mail.recipient, []).append(kinds[mail.message_id] + calendar_in(mail.data))
    return found


def calendar_in(data: bytes) -> str:
    """` REQUEST 0` for a mail that puts something into a calendar."""
    mail = email.message_from_bytes(data, policy=email.policy.default)
    parts = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    lines = dict(line.split(":", 1) for part in parts for line in part.get_content().splitlines() if ":" in line)
    return f" {lines['METHOD']} {lines['SEQUENCE']}" if lines else ""


def move(event: Event) -> None:
    """Two hours later, and people hear of it at once instead of in five minutes."""
    now = timezone.now()
    revise_event(event=event, now=now, starts_at=event.starts_at + 2 * HOURS, ends_at=event.ends_at + 2 * HOURS)
    ChangeNotice.objects.update(due_at=now)


def test_a_move_and_a_cancellation_while_reminders_leave_reach_everybody_once_and_last(
    site: Site, sink: Sink, say: Say
) -> None:
    site.environment["OUTBOX_LEASE_SECONDS"] = "60"  # a mail may be held for as long as it takes
    event = event_in(timedelta(days=1) - timedelta(minutes=1))
    by_calendar = [take_a_seat(event, f"Bo{number}") for number in range(10)]
    long_ago = timezone.now() - timedelta(days=3)  # nobody is reminded in the first hour
    Registration.objects.update(created_at=long_ago, joined_at=long_ago, changed_at=long_ago)
    fill(event, range(10))
    site.start_worker()
    site.start_beat()
    wait_for(lambda: letters.all_ended() and CalendarInvite.objects.count() == 10)
    wait_for(letters.all_ended)

    gate = Gate(sink, by_calendar[0])
    sink.at_data = gate.manner
    remind(event, days=1)
    wait_for(gate.reached.is_set)
    held = time.monotonic()
    move(event)
    moved = Message.objects.filter(kind="calendar_invite", payload__sequence__gt=0)
    wait_for(lambda: moved.filter(state=State.SENT).count() == 10)
    cancel_event(event=event, now=timezone.now())
    wait_for(lambda: ChangeNotice.objects.filter(finished_at=None).count() == 0)
    wait_for(lambda: Message.objects.filter(calendar_method="CANCEL", state=State.SENT).count() == 10)
    wait_for(lambda: time.monotonic() > held + BATCH_SECONDS)  # words that were written before are too old now
    gate.open()
    wait_for(letters.nothing_to_do)

    found = inboxes(sink)
    assert found[by_calendar[0]].pop() == "reminder"  # the one on the wire: it comes when its server lets it
    for address in by_calendar:
        first, then, last = found[address][:2], found[address][2:-2], found[address][-2:]
        assert sorted(first) == ["calendar_invite REQUEST 0", "registration_admitted"]
        assert last == ["calendar_invite REQUEST 1", "calendar_invite CANCEL 2"]
        assert then in ([], ["reminder"])  # of who was reminded before anything moved
    others = [mails for address, mails in found.items() if address not in by_calendar]
    assert [mails[-2:] for mails in others] == [["change_notice", "change_notice"]] * 10
    assert {tuple(mails[:-2]) for mails in others} <= {(), ("reminder",)}
    assert set(sink.copies().values()) == {1}
    skipped = Message.objects.filter(kind="reminder", state=State.SKIPPED).count()
    say(
        f"changes: 20 people, moved and called off while a reminder was on the wire; {skipped} reminders skipped, and"
        " everybody told once of the new time and then once of the cancellation; after it came the one on the wire"
    )
