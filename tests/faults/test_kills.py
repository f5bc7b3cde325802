"""Workers that are killed while they send: nothing is lost, and no mail comes twice without a try that says why."""

import asyncio
import itertools
import random

from outbox.models import Attempt, Policy, State
from tests.faults import letters
from tests.faults.figures import Say
from tests.faults.sink import Conversation, Sink
from tests.faults.site import FULL, Site, kill_one, wait_for

MAILS = 10_000 if FULL else 2_000
KILLS = 500 if FULL else 100
WHOLE_WORKERS = KILLS // 10
KILLS_OF_THE_OTHER = 10  # each loses one with more than even odds


class Killer:
    """Kills children of two workers by chance, and every tenth time a whole worker, which is started anew."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.kills = self.whole = 0
        self.workers = itertools.cycle(["one", "two"])

    def kill(self) -> None:
        self.kills += 1
        if self.kills % 10 == 0:
            self.whole += 1
            name = next(self.workers)
            self.site.kill(name)
            self.site.start_worker(name)
            return
        wait_for(self._kill_a_child)

    def _kill_a_child(self) -> bool:
        children = [child for name in ("one", "two") for child in self.site.children(name)]
        return bool(children) and kill_one(random.choice(children))


def test_a_hundred_kills_lose_nothing_and_repeat_only_what_was_being_sent(site: Site, sink: Sink, say: Say) -> None:
    for name in ("one", "two"):
        site.start_worker(name)
    site.start_beat()
    wait_for(lambda: site.is_ready("one") and site.is_ready("two"))
    killer, each = Killer(site), MAILS // KILLS
    sink.pause = 0.02  # so that most of a worker's time is the moment it cannot be sure about
    for number in range(KILLS):
        policy = Policy.AT_MOST_ONCE if number % 10 == 0 else Policy.AT_LEAST_ONCE
        letters.write(range(number * each, (number + 1) * each), policy=policy)
        letters.ring()
        letters.ring()
        enough = len(sink.mails) + random.randint(1, 10)
        wait_for(lambda enough=enough: len(sink.mails) >= enough)
        killer.kill()
        if number % 50 == 25:
            site.kill("beat")
            site.start_beat()
    sink.pause = 0.002
    wait_for(letters.all_ended)

    copies, states = sink.copies(), letters.states()
    crashed = Attempt.objects.filter(outcome=Attempt.Outcome.CRASHED).count()
    twice, explained = letters.duplicates(copies), letters.explained()
    say(
        f"kills: {MAILS} mails, {killer.kills} SIGKILLs ({killer.whole} of whole workers), {crashed} in the middle of a"
        f" mail; lost {len(letters.lost(copies))}, duplicates {sum(twice.values())},"
        f" perhaps sent (at_most_once) {states[State.UNCERTAIN]}"
    )
    assert states[State.SENT] + states[State.UNCERTAIN] == MAILS
    assert letters.lost(copies) == set()
    assert {message_id: count for message_id, count in twice.items() if count > explained[message_id]} == {}
    assert crashed <= KILLS * 2


def test_the_other_order_loses_mails_and_these_counts_show_it(site: Site, sink: Sink, say: Say) -> None:
    """The control: were nothing lost here, the test above would prove nothing."""
    letters.write(range(100))

    async def slowly(conversation: Conversation) -> None:
        await asyncio.sleep(0.02)  # before the mail itself: most of a sender's time is the moment in which it is lost

    sink.at_rcpt = slowly
    for kill in range(1, KILLS_OF_THE_OTHER + 1):
        site.start("naive", "-m", "tests.faults.naive", site.environment["DATABASE_URL"], sink.port)
        wait_for(lambda enough=kill * 5: len(sink.mails) > enough)
        site.kill("naive")
    sink.at_rcpt = None
    site.start("naive", "-m", "tests.faults.naive", site.environment["DATABASE_URL"], sink.port)
    wait_for(letters.all_ended)
    wait_for(lambda: site.running["naive"].status == 0)

    lost = letters.lost(sink.copies())
    say(f"kills, marked before sent (control): 100 mails, {KILLS_OF_THE_OTHER} SIGKILLs; lost {len(lost)}")
    assert lost
