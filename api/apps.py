"""The API app."""

from importlib import import_module

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "api"

    def ready(self) -> None:
        """Let the description know how people sign in; drf-spectacular finds what has been imported."""
        import_module("api.schema")
