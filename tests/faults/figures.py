"""What a scenario counted, said where everybody sees it: in its output, and at the end of the whole run."""

from collections.abc import Callable
from typing import Any

import pytest

Say = Callable[[str], None]


@pytest.fixture
def say(record_property: Callable[[str, object], None]) -> Say:
    """`say(line)`: reports carry the line to wherever the run is summed up, from an xdist worker, too."""

    def say(line: str) -> None:
        print(line)  # noqa: T201 - for `pytest -s`
        record_property("faults", line)

    return say


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """The lines of all scenarios, below the results."""
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.getreports(kind)]
    lines = [line for report in reports for name, line in report.user_properties if name == "faults"]
    if lines:
        terminalreporter.section("faults, tried for real")
        for line in sorted(set(lines)):
            terminalreporter.write_line(line)
