"""Every variable the product reads from its environment, with its type and default; docs/settings.md explains each."""

from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env(
    DEBUG=(bool, False),
    SECRET_KEY=(str, ""),
    ALLOWED_HOSTS=(list, ["localhost", "127.0.0.1", "[::1]"]),
    CSRF_TRUSTED_ORIGINS=(list, []),
    SITE_URL=(str, "http://127.0.0.1:8000"),
    LIVE_URL=(str, ""),
    DATABASE_PREPARES=(bool, True),
    DATABASE_URL=(str, ""),
    REDIS_URL=(str, "redis://127.0.0.1:6379/0"),
    EMAIL_URL=(str, "smtp://127.0.0.1:1025"),
    DEFAULT_FROM_EMAIL=(str, "Lectern <hello@lectern.example>"),
    REPLY_DOMAIN=(str, ""),
    MAIL_PER_DOMAIN_A_MINUTE=(int, 600),
    OUTBOX_KEEP_DAYS=(int, 90),
    OUTBOX_LANES=(int, 4),
    OUTBOX_LEASE_SECONDS=(int, 120),
    INBOUND_WEBHOOK_SECRET=(str, ""),
    INBOUND_IMAP_URL=(str, ""),
    MEDIA_ROOT=(str, str(BASE_DIR / "media")),
    DECKS_ROOT=(str, str(BASE_DIR / "decks")),
    DECKS_BY_PROXY=(bool, False),
    STATIC_ROOT=(str, str(BASE_DIR / "staticfiles")),
    DEMO=(bool, False),
    DEMO_MAIL_DIR=(str, str(BASE_DIR / "var" / "mail")),
    LOG_LEVEL=(str, "INFO"),
    SECURE_SSL=(bool, False),
    TRUSTED_PROXY_COUNT=(int, 0),
)
