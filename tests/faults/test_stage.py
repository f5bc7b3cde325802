"""A round whose server is killed, whose remotes lose their network, and whose Redis goes: the stage stays right."""

import http.client
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from dev.servers import free_port
from lightning.models import Block, Stage, StageLog
from lightning.services.stage_links import make_stage_link
from lightning.services.stand_by import lock_block
from tests.factories import EventFactory, SessionFactory
from tests.factories.lightning import BlockFactory, TalkFactory
from tests.faults.figures import Say
from tests.faults.site import Site, Valkey, wait_for

ROUND = ("start", "more", "pause", "resume", "next", "start", "finish")
LOST = (OSError, http.client.HTTPException)


@dataclass(frozen=True)
class Remote:
    """A helper's phone with a stage link."""

    site: Site
    block: Block
    key: str

    def press(self, command: str, version: int) -> tuple[int, dict[str, Any]]:
        """Status and body of the answer; OSError or HTTPException when there is none."""
        with closing(self._send(command, version)) as line:
            answer = line.getresponse()
            return answer.status, json.loads(answer.read())

    def press_without_network(self, command: str, version: int) -> None:
        """The command leaves, and the connection is gone before the answer comes."""
        self._send(command, version).close()

    def _send(self, command: str, version: int) -> http.client.HTTPConnection:
        line = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=30)
        headers = {"Authorization": f"Stage {self.key}", "Content-Type": "application/json"}
        body = json.dumps({"command": command, "version": version})
        line.request("POST", f"/api/v1/events/evening/stages/{self.block.pk}/commands/", body, headers)
        return line


@pytest.fixture
def remote(site: Site) -> Remote:
    """The round is ready, and so is the site."""
    now = timezone.now()
    session = SessionFactory(event=EventFactory(slug="evening", starts_at=now), kind="lightning", minutes=59)
    block = BlockFactory(session=session)
    TalkFactory.create_batch(3, block=block)
    site.start_web()
    return Remote(site, block, make_stage_link(block=block, name="Cy", by=None, now=now)[1])


def commands() -> list[tuple[int, str]]:
    """What was carried out."""
    return list(StageLog.objects.order_by("version").values_list("version", "command"))


def test_a_server_killed_in_the_middle_of_a_talk_leaves_the_stage_right(remote: Remote, site: Site, say: Say) -> None:
    answered = [remote.press("start", 0)]

    def press_on() -> None:
        with suppress(*LOST):
            while True:
                answered.append(remote.press("more", len(answered)))

    presses = threading.Thread(target=press_on)
    presses.start()
    wait_for(lambda: len(answered) > 5)
    site.kill("web")
    presses.join()
    with transaction.atomic():
        lock_block(remote.block.pk)  # PostgreSQL ends what the killed process had sent to it
        stage, pressed = Stage.objects.get(), len(answered) + 1
    say(f"stage: a killed server had answered {len(answered)} commands and carried out {stage.version}")
    assert {status for status, _body in answered} == {200}
    assert stage.version in (pressed - 1, pressed)  # the last one, whose answer nobody saw, was carried out or not
    assert commands() == [(number, "more" if number > 1 else "start") for number in range(1, stage.version + 1)]
    assert stage.extra.total_seconds() == 60 * (stage.version - 1)

    site.start_web()
    status, body = remote.press("more", len(answered))  # what a remote does with an unknown answer
    shown = body if status == 200 else body["stage"]
    assert (status, shown["version"]) == (200 if stage.version < pressed else 409, pressed)
    assert shown["started_at"] == answered[0][1]["started_at"]  # the talk's clock has gone on
    status, body = remote.press("next", pressed)
    assert (status, body["state"], body["talks"][0]["state"]) == (200, "between", "given")


def test_commands_of_two_remotes_that_lost_their_network_change_nothing_twice(remote: Remote) -> None:
    for version, command in enumerate(ROUND):
        remote.press_without_network(command, version)
        with ThreadPoolExecutor(2) as phones:
            both = list(phones.map(remote.press, [command] * 2, [version] * 2))
        stages = [body if status == 200 else body["stage"] for status, body in both]
        assert [stage["version"] for stage in stages] == [version + 1] * 2
        assert sorted(status for status, _body in both) in ([200, 409], [409, 409])
    assert commands() == list(enumerate(ROUND, 1))


def test_without_redis_commands_are_answered_and_screens_follow_once_it_is_back(
    remote: Remote, site: Site, valkey: Valkey, say: Say
) -> None:
    port = free_port()
    site.start("live", "-m", "uvicorn", "--port", port, "--no-access-log", "live.app:application")
    for version in range(4):
        remote.press("start" if version == 0 else "more", version)  # both processes of the site have read their code
    screen = Screen(port)
    wait_for(lambda: screen.version == 4)
    for outage, end in [(valkey.freeze, valkey.thaw), (valkey.stop, valkey.start)]:
        version = screen.version
        outage()
        began = time.monotonic()
        statuses = [remote.press("more", version + number)[0] for number in range(2)]
        waited, back = time.monotonic() - began, time.monotonic()
        end()
        wait_for(lambda version=version: screen.version == version + 2, seconds=20)
        late = time.monotonic() - back
        say(f"stage, Redis {outage.__name__}: two commands in {waited:.2f} s, on screen {late:.1f} s after it was back")
        assert statuses == [200, 200]
        assert waited < 6  # each process of the site waits for a second, once
        assert late < 15
    screen.enough.set()


class Screen(threading.Thread):
    """Follows the stream as a browser does: one that ends is opened again, with the id that was seen last."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.port, self.version, self.seen = port, 0, "0"
        self.enough = threading.Event()
        self.start()

    def run(self) -> None:
        while not self.enough.wait(0.2):
            with suppress(*LOST), closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)) as line:
                line.request("GET", "/live/events/evening/", headers={"Last-Event-ID": self.seen})
                for part in line.getresponse():
                    self._read(*part.decode().strip().partition(": "))

    def _read(self, name: str, _colon: str, value: str) -> None:
        if name == "id":
            self.seen = value
        if name == "data" and (said := json.loads(value))["type"] == "stage":
            self.version = said["stage"]["version"]
