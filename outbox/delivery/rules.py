"""What an SMTP answer means and how long to wait after it: values in, values out."""

import enum
import re
from datetime import timedelta

FIRST_DELAY = timedelta(seconds=30)
FIRST_LONG_DELAY = timedelta(minutes=10)
LONGEST_DELAY = timedelta(hours=1)
MOST_CRASHES = 5

CLOSES_THE_LINE = 421
ASKS_FOR_A_PASSWORD = (530, 534, 535, 538)  # RFC 4954 section 6: our account is refused, not this mail
IS_TOO_LARGE = ("5.2.3", "5.3.4")
# RFC 3463: mailbox full, system full, system closed for now; 5.4.5 is how Google says that the day's quota is used up.
PASSES = ("4.2.2", "5.2.2", "5.3.1", "5.3.2", "5.4.5")
WORDS_THAT_PASS = re.compile(r"gr[ea]ylist|try again later|rate.?limit|too many|quota", re.IGNORECASE)
_ENHANCED_CODE = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})\b")


# Small, since a claimed message waits for those before it, and something urgent may come meanwhile. What is left of a
# batch after two seconds is given back: words that are written when a mail is sent are never older than that.
LARGEST_BATCH = 20
BATCH_SECONDS = 2.0

# A mail server that takes no longer for a mail is next door. Two lines to it keep a processor busy: the one talks while
# the other waits for the disk. More would only stand in each other's way.
QUICK_SECONDS = 0.003
LANES_TO_A_QUICK_ONE = 2


class Meaning(enum.Enum):
    """What to do about an answer that is not a yes."""

    SOON = "soon"  # the same mail may be taken in a minute
    LATER = "later"  # it may be taken in an hour
    NEVER = "never"
    ACCOUNT = "account"  # no mail of ours will be taken until the keeper has mended the settings
    NONSENSE = "nonsense"


def meaning_of(code: int, words: str, *, about_sender: bool = False) -> Meaning:
    """RFC 5321 section 4.2.1, and what servers say with a 5 that passes all the same.

    An answer to MAIL FROM is about us: no reader's mail is given up for it unless it is too large.
    """
    if code in ASKS_FOR_A_PASSWORD:
        return Meaning.ACCOUNT
    found = _ENHANCED_CODE.match(words)
    enhanced = found[1] if found else ""
    if 400 <= code < 500:
        return Meaning.LATER if enhanced in PASSES else Meaning.SOON
    if not 500 <= code < 600:
        return Meaning.NONSENSE
    if enhanced in IS_TOO_LARGE:
        return Meaning.NEVER
    if enhanced in PASSES or WORDS_THAT_PASS.search(words) or (about_sender and code != 552):
        return Meaning.LATER
    return Meaning.NEVER


def retry_delay(attempts: int, *, share: float, first: timedelta = FIRST_DELAY) -> timedelta:
    """How long to wait after that many attempts: doubling from `first`, at most an hour.

    `share` (0 to 1, drawn by the caller) takes up to half of it away, so that what failed together does not come
    back together.
    """
    doubled = min(LONGEST_DELAY, first * 2 ** min(max(attempts - 1, 0), 10))
    return doubled * (0.5 + share / 2)


def batch_size(sent: int, seconds: float) -> int:
    """How many messages to take when so many took so long: a slow mail server shares them out among its lines."""
    if not sent:
        return LARGEST_BATCH
    return max(1, min(LARGEST_BATCH, int(BATCH_SECONDS * sent / max(seconds, 0.001))))


def lanes_for(batches: int, *, most: int, is_quick: bool) -> int:
    """Over how many lines so many batches go: few over one, many over as many as are of use and the keeper allows."""
    return max(1, min(batches, most, LANES_TO_A_QUICK_ONE if is_quick else most))


def pause_after(failures: int) -> float:
    """How many seconds a mail server that could not be reached so often in a row is left alone."""
    return min(60.0, 2.0 ** min(failures, 10))
