"""Errands nobody waits for."""

import threading
import time

import pytest

from core.errands import Errands


def test_asking_never_waits_and_a_rush_is_one_errand():
    gate, begun, done = threading.Event(), threading.Event(), []

    def run(errand: str) -> None:
        begun.set()
        gate.wait(5)
        done.append(errand)

    errands = Errands("test", run, pause=0)
    errands.ask("first")
    begun.wait(5)
    began = time.monotonic()
    for _ in range(1000):
        errands.ask("second")
    assert time.monotonic() - began < 1
    gate.set()
    errands.finish()
    assert done == ["first", "second"]


def test_what_fails_is_logged_and_the_next_one_is_done(caplog: pytest.LogCaptureFixture):
    done = []

    def run(errand: int) -> None:
        done.append(1 / errand)

    errands = Errands("test", run, pause=0)
    errands.ask(0)
    errands.finish()
    errands.ask(1)
    errands.finish()
    assert done == [1.0]
    assert [record.getMessage() for record in caplog.records] == ["test: 0 failed: division by zero"]


def test_a_pause_lets_a_rush_gather():
    done = []
    errands = Errands("test", done.append, pause=0.2)
    errands.ask("ring")
    errands.finish()
    for _ in range(50):
        errands.ask("ring")
    errands.finish()
    assert done == ["ring", "ring"]
