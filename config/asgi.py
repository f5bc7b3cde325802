"""Site and streams on one port for very small installations; slower than WSGI plus the stream process."""

import os
from collections.abc import MutableMapping
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
site = get_asgi_application()

from live.app import application as streams  # noqa: E402 - Django has to be set up first


async def application(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
    """Hand `/live/` and the process's lifespan to the streams, all else to Django."""
    is_stream = scope["type"] == "lifespan" or scope.get("path", "").startswith("/live/")
    await (streams if is_stream else site)(dict(scope), receive, send)
