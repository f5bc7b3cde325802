"""Threads that ask for the same at the same time: one of them asks for all, so that one commit serves several."""

import contextlib
import threading, os
SHARE=float(os.environ.get("SHARE","1"))
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Given = TypeVar("Given")


class Together(Generic[Asked, Given]):
    """`ask(one)` is `do([one])[0]`, done for several with one call where they ask within `patience` seconds."""

    def __init__(self, do: Callable[[list[Asked]], list[Given]], *, patience: float) -> None:
        self._do = do
        self._patience = patience
        self._waiting: list[tuple[Asked, Future[Given]]] = []
        self._members = 0
        self._news = threading.Condition()  # of who waits and who is a member
        self._turn = threading.Lock()  # to do it

    @contextlib.contextmanager
    def member(self) -> Iterator[None]:
        """Whoever is likely to ask soon: the others wait for them, but never longer than `patience`."""
        self._count(1)
        try:
            yield
        finally:
            self._count(-1)

    def ask(self, one: Asked) -> Given:
        """What `do` gives for this one, or its error; where several fail together, each is done by itself."""
        future: Future[Given] = Future()
        with self._news:
            self._waiting.append((one, future))
            self._news.notify()
        with self._turn:
            if not future.done():
                self._do_for(self._everyone())
        return future.result()

    def _count(self, change: int) -> None:
        with self._news:
            self._members += change
            self._news.notify()

    def _everyone(self) -> list[tuple[Asked, "Future[Given]"]]:
        with self._news:
            self._news.wait_for(lambda: len(self._waiting) >= self._members * SHARE, self._patience)
            them, self._waiting = self._waiting, []
        return them

    def _do_for(self, them: list[tuple[Asked, "Future[Given]"]]) -> None:
        try:
            for (_, future), given in zip(them, self._do([asked for asked, _ in them]), strict=True):
                future.set_result(given)
        except Exception as error:
            if len(them) == 1:
                them[0][1].set_exception(error)
            else:
                for one in them:
                    self._do_for([one])
        finally:
            for _, future in them:
                future.cancel()  # unless it is done: this thread has to stop, and nobody shall wait for it
