"""Every setting comes from the environment. One that is missing stops the start and says what to do.

A demonstration (EMLREVIEW_DEMO=1, the default of `manage.py` where nothing else is set) needs none: it keeps its
database, its files and a secret key made by chance in one data folder. Nothing of that serves outside a demonstration.
"""

import os
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from emlreview import environment
from emlreview.embedded import data

BASE_DIR = Path(__file__).resolve().parent.parent

DEMO = environment.flag("EMLREVIEW_DEMO")
DEBUG = environment.flag("EMLREVIEW_DEBUG")
if DEBUG and not DEMO:
    raise ImproperlyConfigured("EMLREVIEW_DEBUG is for the demonstration only: its pages show confidential text.")

DATA_DIR = data.folder(BASE_DIR)

if DEMO:
    if "EMLREVIEW_SECRET_KEY" in os.environ:
        raise ImproperlyConfigured("A demonstration makes its own key: unset EMLREVIEW_SECRET_KEY or EMLREVIEW_DEMO.")
    SECRET_KEY = data.secret_key(DATA_DIR)
    ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
else:
    SECRET_KEY = environment.text(
        "EMLREVIEW_SECRET_KEY",
        advice=(
            "It signs log-ins and must stay secret. Make one with: "
            "python -c 'import secrets; print(secrets.token_urlsafe(50))'. To try the software out: make demo."
        ),
    )
    if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5:
        raise ImproperlyConfigured("EMLREVIEW_SECRET_KEY is too easy to guess: use 50 characters made by chance.")
    if data.existing_secret_key(DATA_DIR) == SECRET_KEY:
        raise ImproperlyConfigured(
            "EMLREVIEW_SECRET_KEY is that of the demonstration in the data folder. Make a new one."
        )
    ALLOWED_HOSTS = environment.words(
        "EMLREVIEW_HOSTS", advice="Name the hosts of this site, divided by commas, such as medicines.example.org."
    )
    if any(host.startswith(("*", ".")) for host in ALLOWED_HOSTS):
        raise ImproperlyConfigured("EMLREVIEW_HOSTS must name hosts in full: links in mail are made from them.")

INSTALLED_APPS = [
    "emlreview",
    # Before ours, so that our admin can leave out what theirs registers.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "medicines",
    "applications",
    "emlreview.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "csp",
    "django_filters",
    "django_prose_editor",
    "import_export",
    "pgtrigger",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "medicines.renderings.StoredPages",
    "medicines.api.middleware.ApiMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "emlreview.middleware.LanguageMiddleware",
    # Before CommonMiddleware, which tells addresses that exist from others by adding a slash to them.
    "emlreview.middleware.DoorMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "emlreview.urls"
WSGI_APPLICATION = "emlreview.wsgi.application"

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
                "csp.context_processors.nonce",
            ],
        },
    },
]

# Database. The owner migrates and tests; the serving role reads and writes rows, owns no table and cannot truncate.

ROLE = environment.text("EMLREVIEW_ROLE", "serving")
if ROLE not in {"owner", "serving"}:
    raise ImproperlyConfigured(f"EMLREVIEW_ROLE is {ROLE!r}. It is owner or serving.")


def _database() -> dict[str, Any]:
    url, owner_url = os.environ.get("DATABASE_URL", ""), os.environ.get("DATABASE_OWNER_URL", "")
    if ROLE == "owner" and owner_url:
        return environment.database(owner_url, name="DATABASE_OWNER_URL")
    if ROLE == "owner" and url:
        raise ImproperlyConfigured(
            "DATABASE_OWNER_URL is not set. This command changes tables and needs the role that owns them; "
            "DATABASE_URL names the one that serves."
        )
    if url:
        return environment.database(url)
    if DEMO and not owner_url:
        return data.database(DATA_DIR, ROLE)
    raise ImproperlyConfigured(
        "DATABASE_URL is not set. Name a PostgreSQL database (15 to 18) of the role that serves, such as "
        "postgresql://emlreview_serving:password@host:5432/emlreview, and in DATABASE_OWNER_URL the same database "
        "of the role that owns the tables. To try the software out: make demo."
    )


DATABASES = {"default": _database() | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}}
# After so many times a statement that can be prepared is kept so. Django's own are written out each time and cannot.
DATABASES["default"]["OPTIONS"] = {"prepare_threshold": 5, **DATABASES["default"].get("OPTIONS", {})}
# The role that migrations let in; it is named apart because a migration runs as the owner.
SERVING_ROLE = (
    environment.database(os.environ["DATABASE_URL"])["USER"] if os.environ.get("DATABASE_URL") else data.SERVING
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# People

AUTH_USER_MODEL = "applications.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/committee/"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "emlreview.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # Accounts are made by staff, who know the address.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = False
# allauth's own keeps a list of addresses beside the accounts, and looking at a link would write into it.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "emlreview"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # For the same reason.

SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True  # Pages carry the token where a script needs it.

# Languages: the path says which on public pages, the person's own choice elsewhere (emlreview.middleware).

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", _("English")),
    ("fr", _("French")),
    ("es", _("Spanish")),
    ("ru", _("Russian")),
    ("zh-hans", _("Chinese")),
    ("ar", _("Arabic")),
]
LOCALE_PATHS = [BASE_DIR / "emlreview" / "locale"]
FORMAT_MODULE_PATH = ["emlreview.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Files

STATIC_URL = "/static/"
STATIC_ROOT = Path(environment.text("EMLREVIEW_STATIC", str(DATA_DIR / "static")))
MEDIA_ROOT = DATA_DIR / "files"  # There is no MEDIA_URL: what people upload is handed out by views that ask who reads.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MANIFEST_STRICT = True
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024  # A draft with its references; uploaded files are not counted.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# Policy

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if not DEMO:
    SECURE_SSL_REDIRECT = environment.flag("EMLREVIEW_HTTPS_REDIRECT", True)
    SECURE_HSTS_SECONDS = environment.number("EMLREVIEW_HSTS_SECONDS", 365 * 24 * 60 * 60)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    if environment.flag("EMLREVIEW_BEHIND_PROXY"):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Who runs the site: it stands on every page and in every citation.

OPERATOR = environment.text(
    "EMLREVIEW_OPERATOR", "" if DEMO else None, advice="Name who runs this site and answers for it."
)

# The licence of what stands on the site, which is not that of the software: it stands in every file.

LICENCE = environment.text("EMLREVIEW_LICENCE", "")
LICENCE_URL = environment.text("EMLREVIEW_LICENCE_URL", "")
if LICENCE_URL and not LICENCE_URL.startswith(("https://", "http://")):
    raise ImproperlyConfigured(f"EMLREVIEW_LICENCE_URL is {LICENCE_URL!r}. Write an address that begins with https://")

# Files of the whole list, made by `manage.py make_files`.

FILES_ROOT = DATA_DIR / "lists"

# Mail

DEFAULT_FROM_EMAIL = environment.text(
    "EMLREVIEW_MAIL_FROM",
    "emlreview@localhost" if DEMO else None,
    advice=("It is the sender of mail to members, such as Secretariat <secretariat@example.org>."),
)
SERVER_EMAIL = parseaddr(DEFAULT_FROM_EMAIL)[1]
if DEMO:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA_DIR / "mail"
else:
    EMAIL_HOST = environment.text("EMLREVIEW_SMTP_HOST", advice="It is the server that sends mail to members.")
    EMAIL_PORT = environment.number("EMLREVIEW_SMTP_PORT", 587)
    EMAIL_HOST_USER = environment.text("EMLREVIEW_SMTP_USER", "")
    EMAIL_HOST_PASSWORD = environment.text("EMLREVIEW_SMTP_PASSWORD", "")
    EMAIL_USE_TLS = environment.flag("EMLREVIEW_SMTP_TLS", True)
    EMAIL_TIMEOUT = 20

# Log: to stderr, what failed and where. No names, no addresses, no texts: see emlreview.logs.

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "logging.Formatter" if DEMO else "emlreview.logs.DiscreetFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": environment.text("EMLREVIEW_LOG", "WARNING")},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        "django.request": {"level": "ERROR"},  # Addresses that do not exist are no news.
    },
}
