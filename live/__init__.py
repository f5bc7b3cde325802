"""Streams to open browsers, in a small ASGI process of its own: Redis in, server-sent events out, no database."""
