"""Several conversations with the mail server at once: most of each is waiting, for its answers and for the disk."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connection


def side_by_side(work: Callable[[], bool], *, lanes: int) -> bool:
    """Run `work` in so many threads, this one among them; whether one of them says True. An error of any is raised."""
    if lanes <= 1:
        return work()
    with ThreadPoolExecutor(lanes - 1, thread_name_prefix="mail-lane") as pool:
        others = [pool.submit(_in_a_thread, work) for _ in range(lanes - 1)]
        answers = [work()]
    return any([*answers, *(other.result() for other in others)])


def _in_a_thread(work: Callable[[], bool]) -> bool:
    try:
        return work()
    finally:
        connection.close()  # each thread has one of its own
