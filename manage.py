#!/usr/bin/env python
"""Run Django's commands."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if sys.argv[1:2] == ["import_agenda"] and "--dry-run" in sys.argv:
        # It reads a file and nothing else, so it must also run where nobody has set up a database.
        os.environ.setdefault("DATABASE_URL", "postgresql://never-asked/")
        os.environ.setdefault("SECRET_KEY", "never-used")
    execute_from_command_line(sys.argv)
