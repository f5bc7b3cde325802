"""How quick the mail server is, as this process sees it: several lines to it only pay while each of them waits."""

from outbox.delivery.rules import QUICK_SECONDS

SHARE_OF_THE_LATEST = 0.1
_seconds = 0.0  # that it takes for a mail; quick until it shows otherwise


def note(seconds: float) -> None:
    """It took so long for one more."""
    global _seconds  # noqa: PLW0603 - threads may overwrite each other's: one mail less counts
    _seconds += (seconds - _seconds) * SHARE_OF_THE_LATEST


def is_quick() -> bool:
    """Whether it takes its latest mails about as fast as they can be written."""
    return _seconds < QUICK_SECONDS
