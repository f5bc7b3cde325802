"""Django's settings, all of them, driven by the environment (config/env.py)."""

import sys
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

from config.env import BASE_DIR, env

DEBUG = env("DEBUG")
DEMO = env("DEMO")
SECRET_KEY = env("SECRET_KEY") or ("only-for-development-" + "x" * 40 if DEBUG else "")
if not SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY is empty. Set it to a long random text, the same for every process.")
ALLOWED_HOSTS = env("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env("CSRF_TRUSTED_ORIGINS")
SITE_URL = env("SITE_URL").rstrip("/")
LIVE_URL = env("LIVE_URL").rstrip("/")
REDIS_URL = env("REDIS_URL")
DEMO_MAIL_DIR = env("DEMO_MAIL_DIR")

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "unfold.contrib.inlines",
    "unfold.contrib.simple_history",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "simple_history",
    "core.apps.CoreConfig",
    "outbox.apps.OutboxConfig",
    "inbox.apps.InboxConfig",
    "accounts.apps.AccountsConfig",
    "speakers.apps.SpeakersConfig",
    "events.apps.EventsConfig",
    "lightning.apps.LightningConfig",
    "registrations.apps.RegistrationsConfig",
    "web.apps.WebConfig",
    "api.apps.ApiConfig",
]

MIDDLEWARE = [
    "api.middleware.ProblemDocumentsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.csp.ContentSecurityPolicyMiddleware",
    "core.requests.RefuseUnreadableRequestsMiddleware",
    "web.middleware.CalendarsFirstMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "web.context.site",
            ]
        },
    }
]

# --- data -----------------------------------------------------------------------------------------------------------
if not env("DATABASE_URL"):
    raise ImproperlyConfigured(
        "DATABASE_URL is empty. Lectern needs PostgreSQL, for example postgresql://user@/lectern."
    )
DATABASES: dict[str, dict[str, Any]] = {"default": env.db("DATABASE_URL")}
if not DATABASES["default"]["ENGINE"].endswith("postgresql"):
    raise ImproperlyConfigured("DATABASE_URL names another engine. Lectern runs on PostgreSQL only: postgresql://…")
# Persistent connections: opening one costs ten times a query. Bounded waits: a lock never hangs a visitor.
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
DATABASES["default"].setdefault("OPTIONS", {}).update(
    connect_timeout=5,
    options="-c statement_timeout=15s -c lock_timeout=3s -c idle_in_transaction_session_timeout=30s",
    prepare_threshold=5 if env("DATABASE_PREPARES") else None,  # for core.prepared alone; Django's cursors never do
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "core.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "lectern",
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"  # a Redis restart signs nobody out

# --- people ---------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]  # without password1 the login form would lose its password, too
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True  # also for addresses without an account: accounts/sign_in.py
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60  # a mail may be greylisted; the default of 3 minutes is over by then
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
# Six digits can be read off one screen and typed into another. Three tries a code and ten codes an hour make
# guessing one account's code a matter of years; they also bound how many mails a stranger can have sent to somebody.
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_RATE_LIMITS = {"request_login_code": "20/m/ip,3/m/key,10/60m/key"}
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_GET = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG or DEMO
ALLAUTH_TRUSTED_PROXY_COUNT = env("TRUSTED_PROXY_COUNT")

# --- words and clocks -----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

# --- files ----------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = env("STATIC_ROOT")
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = env("MEDIA_ROOT")
WHITENOISE_USE_FINDERS = DEBUG or DEMO  # the demo starts in seconds: nothing is gathered, hashed and compressed first
DECKS_BY_PROXY = env("DECKS_BY_PROXY")  # we say which file, the proxy sends it: a slow phone then holds none of us up
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # No address of their own: slides leave through a view that asks whether they may
    "decks": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": env("DECKS_ROOT"), "base_url": None},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if WHITENOISE_USE_FINDERS
        else "config.static_storage.ModuleAwareStaticFilesStorage"
    },
}

# --- mail -----------------------------------------------------------------------------------------------------------
vars().update(env.email("EMAIL_URL"))
EMAIL_TIMEOUT = 20  # Django's default waits for ever
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env("DEFAULT_FROM_EMAIL")
MAIL_PER_DOMAIN_A_MINUTE = env("MAIL_PER_DOMAIN_A_MINUTE")
OUTBOX_KEEP_DAYS = env("OUTBOX_KEEP_DAYS")
OUTBOX_LANES = env("OUTBOX_LANES")
OUTBOX_LEASE_SECONDS = env("OUTBOX_LEASE_SECONDS")
REPLY_DOMAIN = env("REPLY_DOMAIN") or urlsplit(SITE_URL).hostname or "localhost"  # calendars answer at rsvp+…@ this
INBOUND_WEBHOOK_SECRET = env("INBOUND_WEBHOOK_SECRET")
INBOUND_IMAP_URL = env("INBOUND_IMAP_URL")

# --- Celery: a doorbell (docs/operations.md) ------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "socket_timeout": 3,
    "socket_connect_timeout": 1,
    "socket_keepalive": True,
    "health_check_interval": 25,
    "max_retries": 1,
}
# What waits for a worker is thrown away when it is old by the worker's own clock: one that is an hour ahead must not do
# so with every tick. After two hours without workers the 700 ticks that piled up are done with in 15 seconds.
TICK = {"expires": 2 * 3600}
CELERY_BEAT_SCHEDULE = {
    "sweep-outbox": {"task": "outbox.tasks.sweep_outbox", "schedule": 15.0, "options": TICK},
    "forget-answers": {"task": "accounts.tasks.forget_answers", "schedule": 3600.0, "options": TICK},
    "poll-mailbox": {"task": "inbox.tasks.poll_mailbox", "schedule": 60.0, "options": TICK},
    "erase-old-mail": {"task": "inbox.tasks.erase_old_mail", "schedule": 3600.0, "options": TICK},
    "sweep-decks": {"task": "lightning.tasks.sweep_decks", "schedule": 3600.0, "options": TICK},
    "sweep-registrations": {"task": "registrations.tasks.sweep", "schedule": 60.0, "options": TICK},
}

# --- API ------------------------------------------------------------------------------------------------------------
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_SCHEMA_CLASS": "api.schema.Operations",
    "DEFAULT_AUTHENTICATION_CLASSES": [  # the first one decides that a stranger is answered 401, not 403
        "api.authentication.ApiTokenAuthentication",
        "api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticatedOrReadOnly"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["api.parsers.StrictJSONParser"],
    "URL_FORMAT_OVERRIDE": None,  # `format` is a filter of ours
    "DEFAULT_METADATA_CLASS": "api.metadata.WhereToRead",
    "DEFAULT_PAGINATION_CLASS": "api.pagination.Pages",
    "DEFAULT_THROTTLE_CLASSES": ["api.throttling.AnonymousThrottle", "api.throttling.PersonThrottle"],
    "DEFAULT_THROTTLE_RATES": {
        "anon": "600/min",
        "user": "1200/min",
        "rsvp": "30/min",
        "stage": "300/min",  # commands of one host
        "screens": "12000/min",  # of a hall behind one address: a projector must not wait for phones
    },
    "EXCEPTION_HANDLER": "api.errors.problem_details",
    "NUM_PROXIES": env("TRUSTED_PROXY_COUNT"),
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Lectern",
    "DESCRIPTION": "Groups, events, programmes, speakers and RSVPs of a community's meetups.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "api.schema.add_what_all_share"],
    "ENUM_NAME_OVERRIDES": {
        "EventStatus": "events.event_filters.STATUSES",
        "EventFormat": "events.event_filters.FORMATS",
        "SessionStatus": "events.models.Session.Status",
        "SessionKind": "events.models.Session.Kind",
        "TalkState": "lightning.models.Talk.IN_LINEUP",
        "MembershipRole": "events.models.Membership.Role",
        "RegistrationState": "api.v1.registration_shapes.STATES",
        "RegistrationPlace": "registrations.models.Place.values",
        "RsvpClosed": "api.v1.rsvp.CLOSED",
        "OwnState": "api.v1.registration_shapes.OWN_STATES",
        "DecisionCommand": "api.v1.registration_shapes.DECISIONS",
        "MailDigest": "accounts.models.MailPreferences.Digest",
        "MailCalendar": "accounts.models.MailPreferences.Calendar",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "persistAuthorization": False, "validatorUrl": None},
}

UNFOLD = {
    "SITE_TITLE": "Lectern",
    "SITE_HEADER": "Lectern",
    "SITE_URL": "/",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda _request: static("img/mark.svg")}],
    "SITE_ICON": lambda _request: static("img/mark.svg"),
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": True,
    "DASHBOARD_CALLBACK": "config.admin_dashboard.dashboard",
    "STYLES": [lambda _request: static("css/admin.css")],
    "BORDER_RADIUS": "4px",
    # The paper, ink and blue of static/css/tokens.css
    "COLORS": {
        "base": {
            "50": "#faf7f0",
            "100": "#f2ede2",
            "200": "#ded8ca",
            "300": "#bfbbb2",
            "400": "#98958e",
            "500": "#6f6c66",
            "600": "#43454d",
            "700": "#3d4352",
            "800": "#2a2e3b",
            "900": "#161923",
            "950": "#0e1017",
        },
        "primary": {
            "50": "#e9ebf7",
            "100": "#dde1f5",
            "200": "#cfd5ff",
            "300": "#c1c9ff",
            "400": "#aeb9ff",
            "500": "#8f9df0",
            "600": "#2b3a9e",
            "700": "#233089",
            "800": "#1b2674",
            "900": "#1d2342",
            "950": "#141830",
        },
    },
    "SIDEBAR": {
        "show_search": False,
        "navigation": "config.admin_menu.sidebar",
    },
}

# --- safety ---------------------------------------------------------------------------------------------------------
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
if env("SECURE_SSL"):
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- logs -----------------------------------------------------------------------------------------------------------
# What follows in these addresses is a key: no line of ours, of Django or of the web server shows it
SECRET_ADDRESSES = [
    "/calendars/personal/",
    "/tickets/",
    "/join/",
    "/r/",
    "/u/",
    "/p/",
    "/stage/",
    "/answers/",
    "/hooks/mail/?",
]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "core.logs.formatter",
            "colours": sys.stderr.isatty(),
            "as_json": not (DEBUG or DEMO),
            "secret_addresses": SECRET_ADDRESSES,
        },
        "access": {"()": "core.logs.AccessFormatter", "secret_addresses": SECRET_ADDRESSES},
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line"},
        "access": {"class": "logging.StreamHandler", "formatter": "access", "stream": "ext://sys.stdout"},
    },
    "root": {"handlers": ["stderr"], "level": env("LOG_LEVEL")},
    "loggers": {
        # Without Django's own handlers there, which write a second line as it is and mail tracebacks to ADMINS
        "django": {"handlers": []},
        "django.server": {"handlers": ["stderr"], "propagate": False},
        "granian.access": {"handlers": ["access"], "propagate": False, "level": "INFO"},
        # "received" and "succeeded" of every tick say nothing; failures still do, and each mail has a line of its own
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
    },
}

# The e-mail is unique by a constraint on its lower-case form, which this check does not see.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
