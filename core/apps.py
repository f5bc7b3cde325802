"""Makes the ground floor known to Django, for its template tags and checks."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"
