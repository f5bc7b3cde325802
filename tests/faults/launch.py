"""Starts `celery -A config …` with a clock that is wrong, or a beat that ticks faster: `launch AHEAD TICK worker …`.

AHEAD is by how many seconds this process's clock runs ahead, TICK how often the sweep of the outbox comes (0: as set).
"""

import sys
import time

import time_machine

from config.celery import app


def main(ahead: float, tick: float, command: list[str]) -> None:
    """Become Celery."""
    if ahead:
        time_machine.travel(time.time() + ahead, tick=True).start()
    if tick:
        app.conf.beat_schedule["sweep-outbox"]["schedule"] = tick
    app.start(command)


if __name__ == "__main__":
    main(float(sys.argv[1]), float(sys.argv[2]), sys.argv[3:])
