"""`python -m bench NAME …`: starts servers that keep what they promise (fsync is on), then measures.

NAME is a module beside this one: `rsvp`, `outbox`, `reminders`, `letters` or `stage`.
"""

import os
import sys
import tempfile
from importlib import import_module
from pathlib import Path

import django

from dev.servers import start_postgres, start_redis


def main(name: str, *arguments: str) -> None:
    """Run one of them against servers of its own."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        Path(folder).chmod(0o755)  # PostgreSQL may run as another user
        urls = {"DATABASE_URL": start_postgres(Path(folder) / "postgres").url, "REDIS_URL": start_redis().url}
        settings = {"DEBUG": "0", "SECRET_KEY": "x" * 50, "DJANGO_SETTINGS_MODULE": "config.settings"}
        os.environ.update(urls | settings)
        django.setup()
        import_module(f"bench.{name}").main(*arguments)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(*sys.argv[1:])
