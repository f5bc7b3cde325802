"""What every template may read about the site itself."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """The site's address, its live stream's (empty where it is the same), and whether this is a demo."""
    return {"site_url": settings.SITE_URL, "live_url": settings.LIVE_URL, "is_demo": settings.DEMO}
