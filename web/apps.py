"""Registers the pages and feeds for people."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Holds no models."""

    name = "web"
