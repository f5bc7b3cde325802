"""Many processes in one terminal."""

import io
import os

from dev.output import Terminal


class FakeTerminal(io.StringIO):
    """A stream that calls itself a terminal."""

    def isatty(self) -> bool:
        return True


def passed_on(stream: io.StringIO, environment: dict[str, str], name: str, said: bytes) -> str:
    """What a process's output looks like in the terminal."""
    terminal = Terminal(stream, environment)
    terminal.follow(name, io.BytesIO(said)).join()
    return stream.getvalue()


def test_each_line_stands_behind_the_name_of_its_process() -> None:
    assert passed_on(io.StringIO(), {}, "web", b"one\ntwo") == "web    | one\nweb    | two\n"


def test_a_terminal_gets_colours() -> None:
    assert passed_on(FakeTerminal(), {"TERM": "xterm"}, "web", b"one\n") == "\033[36mweb    |\033[0m one\n"


def test_who_wants_no_colours_gets_none() -> None:
    assert passed_on(FakeTerminal(), {"NO_COLOR": "1"}, "web", b"one\n") == "web    | one\n"
    assert passed_on(FakeTerminal(), {"TERM": "dumb"}, "web", b"one\n") == "web    | one\n"


def test_bytes_that_are_no_text_do_not_end_the_log() -> None:
    assert passed_on(io.StringIO(), {}, "beat", b"\xff\xfe\nnext\n") == "beat   | \ufffd\ufffd\nbeat   | next\n"


def test_a_reader_who_went_away_is_noticed_and_hurts_nobody() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "w") as stream:
        terminal = Terminal(stream, {})
        terminal.say("nobody reads this")
        terminal.say("nor this")

    assert terminal.closed.is_set()
