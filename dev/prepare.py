"""Brings the database up to date and loads the demo: one process, so that Django is imported once."""

import os

import django
from django.conf import settings
from django.core.management import call_command


def main() -> None:
    """Migrate, load the demo (again: what is there stays), and gather static files where the site would want them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    call_command("migrate", verbosity=0)
    if not settings.WHITENOISE_USE_FINDERS:
        call_command("collectstatic", interactive=False, verbosity=0)
    if settings.DEMO:
        call_command("load_demo")
        call_command("load_demo_rsvps")
        call_command("load_demo_rounds")


if __name__ == "__main__":
    main()
