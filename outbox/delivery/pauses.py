"""A mail server that cannot be reached is left alone for a while: 2 seconds, 4, 8, at most a minute; per process."""

import time
from dataclasses import dataclass

from django.conf import settings

from outbox.delivery.rules import pause_after


@dataclass
class _Silence:
    failures: int = 0
    until: float = 0.0


_silences: dict[tuple[str, int], _Silence] = {}


def is_paused() -> bool:
    """Whether it is too early to try again."""
    return time.monotonic() < _silence().until


def failed() -> None:
    """It could not be reached, once more."""
    silence = _silence()
    silence.failures += 1
    silence.until = time.monotonic() + pause_after(silence.failures)


def worked() -> None:
    """It answers."""
    _silences.pop(_server(), None)


def _silence() -> _Silence:
    return _silences.setdefault(_server(), _Silence())


def _server() -> tuple[str, int]:
    return settings.EMAIL_HOST, settings.EMAIL_PORT
