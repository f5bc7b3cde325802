"""Redis refused, frozen and emptied while people come and mails are due: nobody notices but the clock."""

import time

from outbox.models import Message, State
from registrations.models import Registration
from tests.faults import letters
from tests.faults.figures import Say
from tests.faults.sink import Sink
from tests.faults.site import FULL, Site, Valkey, wait_for
from tests.faults.visitors import Evening, Visitors

AWAY_SECONDS = 60.0 if FULL else 3.0
ROUNDS = 3


def come_for(seconds: float, visitors: Visitors, evening: Evening) -> None:
    """Rounds of visitors until the time is over, and three at least."""
    stop, rounds = time.monotonic() + seconds, 0
    while time.monotonic() < stop or rounds < ROUNDS:
        visitors.come(evening.round() + (evening.newcomers() if rounds < ROUNDS else []))
        rounds += 1


def test_without_redis_everybody_is_answered_and_every_mail_leaves_once_it_is_back(
    site: Site, valkey: Valkey, sink: Sink, say: Say
) -> None:
    evening = Evening()
    site.start_worker()
    site.start_beat()
    site.start_web()
    wait_for(site.is_ready)
    Visitors(site.port).come(evening.reading * 4)  # both processes of the site have read their code
    going = 0
    for number, (outage, end) in enumerate([(valkey.stop, valkey.start), (valkey.freeze, valkey.thaw)]):
        visitors = Visitors(site.port)
        outage()
        letters.write(range(number * 50, number * 50 + 50))
        come_for(AWAY_SECONDS, visitors, evening)
        end()
        waiting, back = Message.objects.filter(state=State.PENDING).count(), time.monotonic()
        wait_for(letters.all_ended)
        late = [mail.at - back for mail in sink.mails if mail.at > back]

        name = "refused" if outage == valkey.stop else "frozen"
        first, last = min(late, default=0.0), max(late, default=0.0)
        say(
            f"Redis {name}: {len(visitors.answers)} requests, {dict(sorted(visitors.statuses().items()))},"
            f" 99 % within {visitors.slowest():.2f} s; {waiting} mails waited, the first left {first:.1f} s and the"
            f" last {last:.1f} s after it was back; lost {len(letters.lost(sink.copies()))},"
            f" duplicates {len(letters.duplicates(sink.copies()))}"
        )
        going += len(visitors.rsvps(303))
        assert {status for status in visitors.statuses() if not 200 <= status < 400} == set()
        assert visitors.slowest() < 8
        assert Registration.objects.filter(state="going").count() == going
        assert letters.states() == {State.SENT: Message.objects.count()}
        assert set(sink.copies().values()) == {1}
        assert letters.lost(sink.copies()) == set()

    for number in range(10):
        letters.write(range(1000 + number * 20, 1000 + (number + 1) * 20))
        valkey.empty()
    wait_for(letters.all_ended)
    say("Redis emptied 10 times while 200 mails were due: lost 0, duplicates 0")
    assert letters.states() == {State.SENT: Message.objects.count()}
    assert set(sink.copies().values()) == {1}
    assert letters.lost(sink.copies()) == set()
