"""The lightning app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LightningConfig(AppConfig):
    name = "lightning"
    verbose_name = _("Lightning talks")
