"""What an SMTP answer means and how long to wait after it: values in, values out."""

from datetime import timedelta

FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(hours=1)
MOST_CRASHES = 5


def is_temporary(code: int) -> bool:
    """Whether the same mail may be accepted later (RFC 5321 section 4.2.1: 4yz)."""
    return 400 <= code < 500


def is_permanent(code: int) -> bool:
    """Whether the same mail will never be accepted (5yz)."""
    return 500 <= code < 600


def retry_delay(attempts: int, *, share: float) -> timedelta:
    """How long to wait after that many attempts: doubling, at most an hour.

    `share` (0 to 1, drawn by the caller) takes up to half of it away, so that what failed together does not come
    back together.
    """
    doubled = min(LONGEST_DELAY, FIRST_DELAY * 2 ** min(max(attempts - 1, 0), 10))
    return doubled * (0.5 + share / 2)
