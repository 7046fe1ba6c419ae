"""Everything that can be set, read from the environment; each variable is explained in docs/operating.md."""

import os
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config import logs, oidc, production, providers, secret

env = environ.Env()


def number(name: str, default: int) -> int:
    """A whole number from the environment. Raises ImproperlyConfigured for anything else."""
    text = env.str(name, default="") or str(default)
    if not (text.isascii() and text.isdigit()):
        raise ImproperlyConfigured(f'{name} is "{text}", and must be a whole number.')
    return int(text)


BASE_DIR = Path(__file__).resolve().parent.parent

ENVIRONMENT = env.str("ENVIRONMENT", default="development")
IN_PRODUCTION = ENVIRONMENT == "production"
DATA_DIR = Path(env.str("DATA_DIR", default="") or BASE_DIR / "var" / "run").resolve()
DEBUG = env.bool("DEBUG", default=False)

# Pretended clocks and invented stories (tests, `make demo`); a public record keeps real time and real stories.
SIMULATION_ALLOWED = not IN_PRODUCTION

# --- Where we are found ---------------------------------------------------------------------------------

HOST = env.str("HOST", default="127.0.0.1")
PORT = number("PORT", 8000)
PUBLIC_URL = env.str("PUBLIC_URL", default="" if IN_PRODUCTION else f"http://127.0.0.1:{PORT}").rstrip("/")
# Someone who opens a development server to the network means to reach it by whatever name it has there.
_LOCAL_NAMES = ["localhost", "127.0.0.1", "[::1]"] if HOST in {"127.0.0.1", "localhost", "::1"} else ["*"]
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[] if IN_PRODUCTION else _LOCAL_NAMES)
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL else []
# How many proxies of ours stand before the server: from them, and them alone, we believe X-Forwarded-….
PROXIES = number("PROXIES", 0)

# --- Rooms ----------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "corsheaders",
    "csp",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "record",
    "accounts",
    "commitments",
    "ratings",
    "notifications",
    "api",
    "portal",
]
# Each costs every answer a little: a new one needs a reason.
MIDDLEWARE = [
    "config.logs.RequestLog",
    # Before all others: a kept answer has their headers already.
    "config.door.FrontDoor",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    # Inside CORS, so that a page of another site can read why it was refused.
    "api.http.errors.ProblemMiddleware",
    "config.policy.PolicyMiddleware",
    "portal.languages.LanguageFromPath",
    # Around sessions, so that it sees whether one begins, and before Django's own check of forms.
    "config.forgery.FormsOfStrangers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Innermost: passkeys ask it which request they belong to.
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Database -------------------------------------------------------------------------------------------

SQLITE_IN_PRODUCTION = env.bool("SQLITE_IN_PRODUCTION", default=False)
DATABASE_POOL = number("DATABASE_POOL", 8)
# Django's default, deferred transactions, lost two writes in three to locks; immediate ones lost none.
SQLITE_OPTIONS: dict[str, Any] = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # What is freed is overwritten, so that words which were erased are not left in the file.
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY; PRAGMA secure_delete=ON;"
    ),
}
_database: dict[str, Any] = dict(
    env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR}/said-and-done.sqlite3")
)
ON_SQLITE = str(_database.get("ENGINE")).endswith("sqlite3")
_options: dict[str, Any] = dict(_database.get("OPTIONS", {}))
if ON_SQLITE:
    _options = SQLITE_OPTIONS | _options
    # Opening the file and setting it up costs more than most questions to it.
    _database["CONN_MAX_AGE"] = None
elif DATABASE_POOL:
    _options["pool"] = {"min_size": 1, "max_size": DATABASE_POOL, "timeout": 20}
    # A kept connection keeps the plans of what is asked again and again (record/prepared.py), from the first asking on.
    _options.setdefault("prepare_threshold", 0)
DATABASES = {"default": _database | {"OPTIONS": _options}}
if not ON_SQLITE:
    # The queue from which workers take jobs is tables beside ours.
    INSTALLED_APPS.append("procrastinate.contrib.django")
    PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""

# Throttles count in the cache, so processes that share the work must share it.
CACHES = {"default": env.cache_url("CACHE_URL", default="locmemcache://?max_entries=100000")}
WEB_WORKERS = number("WEB_WORKERS", 1)

# --- People ---------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
# With a second factor, in office; by a mailed code, or by password alone, nobody is more than a resident.
AUTHENTICATION_BACKENDS = [
    "accounts.backends.InOffice",
    "accounts.backends.ByCode",
    "accounts.backends.ByPassword",
    "accounts.backends.ByIssuer",
]
SESSION_ENGINE = "accounts.sessions"
# Codes by mail: to one address, asked for and typed wrongly in one network, and all together.
SIGN_IN_PER_ADDRESS = env.str("SIGN_IN_PER_ADDRESS", default="5/hour,20/day")
SIGN_IN_PER_NETWORK = env.str("SIGN_IN_PER_NETWORK", default="60/hour,200/day")
SIGN_IN_OVERALL = env.str("SIGN_IN_OVERALL", default="3000/hour")
# Passwords and second factors that were wrong, for one account; the network and all together are counted as above.
WRONG_PER_ACCOUNT = env.str("WRONG_PER_ACCOUNT", default="10/hour,30/day")
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/desk/sign-in/"
# Second factors are django-allauth's; none of its pages, and nothing else of it, is used.
MFA_ADAPTER = "accounts.factors.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
# Accounts of a force's own, where one is set; who has one of them needs no other second factor for that body's offices.
OIDC = {
    "NAME": env.str("OIDC_NAME", default=""),
    "ISSUER": env.str("OIDC_ISSUER", default=""),
    "CLIENT_ID": env.str("OIDC_CLIENT_ID", default=""),
    "CLIENT_SECRET": env.str("OIDC_CLIENT_SECRET", default=""),
    "ORGANISATION": env.str("OIDC_ORGANISATION", default=""),
}
SOCIALACCOUNT_PROVIDERS = oidc.providers(OIDC, in_production=IN_PRODUCTION)
EMAIL_CONFIG = env.email("EMAIL_URL", default="filemail:///mail")
# A provider by the name that django-anymail has for it; what it tells of bounces is believed with the secret alone.
MAIL_PROVIDER = env.str("MAIL_PROVIDER", default="")
MAIL_REPORTS_SECRET = env.str("MAIL_REPORTS_SECRET", default="")
ANYMAIL = {**env.dict("MAIL_PROVIDER_SETTINGS", default={}), "WEBHOOK_SECRET": MAIL_REPORTS_SECRET}
EMAIL_BACKEND = providers.mail_backend(MAIL_PROVIDER, EMAIL_CONFIG["EMAIL_BACKEND"])
GOVUK_NOTIFY = {
    "API_KEY": env.str("GOVUK_NOTIFY_API_KEY", default=""),
    "MAIL_TEMPLATE": env.str("GOVUK_NOTIFY_MAIL_TEMPLATE", default=""),
    "SMS_TEMPLATE": env.str("GOVUK_NOTIFY_SMS_TEMPLATE", default=""),
    "CALLBACK_TOKEN": env.str("GOVUK_NOTIFY_CALLBACK_TOKEN", default=""),
}
# The ways in which followers are written to, each with what takes it.
NOTIFICATION_CHANNELS = providers.channels(GOVUK_NOTIFY)
EMAIL_FILE_PATH = str(DATA_DIR / "mail")
EMAIL_HOST, EMAIL_PORT = EMAIL_CONFIG.get("EMAIL_HOST") or "localhost", EMAIL_CONFIG.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = EMAIL_CONFIG.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = EMAIL_CONFIG.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = (EMAIL_CONFIG.get(name, False) for name in ("EMAIL_USE_TLS", "EMAIL_USE_SSL"))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("MAIL_FROM", default="said-and-done@localhost")

# A program that keeps the keys of ballots; without it they are files in the data folder.
BALLOT_KEYS_COMMAND = env.str("BALLOT_KEYS_COMMAND", default="")

# --- The signed record ----------------------------------------------------------------------------------

# What the record is called where it is signed; a log keeps the name that it began with.
RECORD_ORIGIN = env.str("RECORD_ORIGIN", default="") or f"{PUBLIC_URL.partition('://')[2]}/api/v1/record"
# Of the signer alone: keys, and beside them what it signed last. Best where a restored backup does not reach.
RECORD_KEY_FILE = env.str("RECORD_KEY_FILE", default="") or str(DATA_DIR / "record-key" / "key")
# A folder for another web server, where the record can be read while we are down.
RECORD_FILES = env.str("RECORD_FILES", default="")
# Who watches that it only grows, each as "verifier key" and address; and how many must have signed a state.
RECORD_WITNESSES = [tuple(one.split()) for one in env.list("RECORD_WITNESSES", default=[])]
RECORD_WITNESSES_NEEDED = number("RECORD_WITNESSES_NEEDED", 0)

# What rooms upstairs keep beside the record, and check with it (manage.py check_record).
RECORD_CHECKED_BESIDE = ["commitments.evidence.checking.faults"]

# --- Evidence files -------------------------------------------------------------------------------------

# A file as it is sent, in bytes; what a picture may measure; and what a PDF may have.
EVIDENCE_LARGEST = number("EVIDENCE_LARGEST", 10_000_000)
EVIDENCE_PIXELS = number("EVIDENCE_PIXELS", 64_000_000)
EVIDENCE_PAGES = number("EVIDENCE_PAGES", 200)
# Of the processor, for opening one file.
EVIDENCE_SECONDS = number("EVIDENCE_SECONDS", 20)
# Of one account, at a time, that no update names yet.
EVIDENCE_WAITING = number("EVIDENCE_WAITING", 50)
# Of one account, taken or not: opening one costs seconds of the processor.
EVIDENCE_PER_ACCOUNT = env.str("EVIDENCE_PER_ACCOUNT", default="120/hour,500/day")
# A program that gets each file on its standard input, and calls it clean (0) or not (1); all else refuses too.
EVIDENCE_SCANNER = env.str("EVIDENCE_SCANNER", default="")
# In memory, and no longer than it may be: what is sent never lies on the disk as it was sent.
FILE_UPLOAD_HANDLERS = ["commitments.evidence.uploads.Bounded"]

# --- Webhooks -------------------------------------------------------------------------------------------

# Beside 443; and networks that are public by their number and ours all the same.
WEBHOOK_PORTS = [int(one) for one in env.list("WEBHOOK_PORTS", default=[])]
WEBHOOK_REFUSED_NETWORKS: list[str] = env.list("WEBHOOK_REFUSED_NETWORKS", default=[])
# For those who build a receiver: http and any port of this machine. Refused in production.
WEBHOOKS_TO_THIS_MACHINE = env.bool("WEBHOOKS_TO_THIS_MACHINE", default=False)
WEBHOOKS_PER_ACCOUNT = number("WEBHOOKS_PER_ACCOUNT", 10)

# --- Offices --------------------------------------------------------------------------------------------

# So many days after a date was missed the responders of a team's body hear of it; 0 for never.
ESCALATE_AFTER_DAYS = number("ESCALATE_AFTER_DAYS", 14)

# --- Jobs -----------------------------------------------------------------------------------------------

# Who calls them (notifications/jobs.py): threads of this process, `manage.py worker`, or something of yours.
ENGINE = env.str("ENGINE", default="thread")
# Those of rooms upstairs, which notifications may not import: what to call, how often, at what time.
JOBS_UPSTAIRS: dict[str, tuple[str, timedelta, time | None]] = {
    "forget_answers": ("api.http.idempotency.purge", timedelta(hours=1), None),
    "forget_forms": ("portal.desk.once.purge", timedelta(hours=1), None),
    "forget_proposals": ("commitments.actions.granting.forget_lapsed", timedelta(hours=1), None),
    "forget_uploads": ("portal.desk.waiting_uploads.purge", timedelta(minutes=5), None),
}
if env.bool("ARCHIVES_DAILY", default=False):
    JOBS_UPSTAIRS["export_archive"] = ("api.archiving.daily.make", timedelta(days=1), time(2, 30))
# A force at data.police.uk, and the ONS code of its area where its name does not say: "metropolitan:E23000001".
PRIORITIES_FROM = env.str("PRIORITIES_FROM", default="")
# Who may see at /health/ how much waits; everybody sees whether all is well.
HEALTH_KEY = env.str("HEALTH_KEY", default="")

# --- Words and days -------------------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
# Each is part of the address (/ur/…); English has no prefix. Nothing else chooses a language: no cookie, no header.
LANGUAGES = [("en-gb", "English"), ("ur", "اردو"), ("pl", "polski")]
LOCALE_PATHS = [str(BASE_DIR / "portal" / "locale")]
FORMAT_MODULE_PATH = ["portal.formats"]
USE_TZ = True
TIME_ZONE = "Europe/London"

# --- Safety ---------------------------------------------------------------------------------------------

SECRET_KEY = env.str("SECRET_KEY", default="") or ("" if IN_PRODUCTION else secret.kept_in(DATA_DIR))
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = IN_PRODUCTION
SESSION_COOKIE_AGE = 14 * 24 * 60 * 60
# Of a session in office: so long at most, and so long without a request.
OFFICE_SESSION = timedelta(hours=number("OFFICE_SESSION_HOURS", 12))
OFFICE_IDLE = timedelta(minutes=number("OFFICE_IDLE_MINUTES", 60))
# Browsers take a cookie of such a name from this host alone, over HTTPS alone.
_COOKIE = "__Host-" if IN_PRODUCTION else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{_COOKIE}sessionid", f"{_COOKIE}csrftoken"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# It goes when the browser is closed: people share telephones, and it would tell for a year that a form was opened.
CSRF_COOKIE_AGE = None
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if IN_PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IN_PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "portal.failing.forged"
if PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
# Pages of other sites may read the API, without cookies; they may not write with it.
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_ALL_ORIGINS = True
CORS_ALLOW_METHODS = ["GET", "HEAD", "OPTIONS"]
CORS_ALLOW_HEADERS = ["accept", "authorization", "content-type", "if-none-match", "if-modified-since"]
CORS_EXPOSE_HEADERS = [
    "ETag", "Last-Modified", "Link", "Record-Position", "RateLimit", "RateLimit-Policy", "Retry-After"
]  # fmt: skip

# --- Styles and scripts ---------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = str(DATA_DIR / "static") if IN_PRODUCTION else None
WHITENOISE_USE_FINDERS = not IN_PRODUCTION
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if IN_PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# --- The HTTP API ---------------------------------------------------------------------------------------

THROTTLE_ANONYMOUS = env.str("THROTTLE_ANONYMOUS", default="600/min")
# So many may wait for the next event in a process (events/?wait=); each keeps one of its WEB_THREADS threads.
EVENTS_WAITING = number("EVENTS_WAITING", 1)
THROTTLE_KEY = env.str("THROTTLE_KEY", default="3000/min")
# Of casting, changing and taking back ratings; a network is a /24, or a /56 of IPv6: many households, or a library.
RATINGS_PER_ACCOUNT = env.str("RATINGS_PER_ACCOUNT", default="60/hour,200/day")
RATINGS_PER_NETWORK = env.str("RATINGS_PER_NETWORK", default="1200/hour,6000/day")
# Of asking for mails to an address; each address is also sent five such mails a day at most.
SUBSCRIPTIONS_PER_NETWORK = env.str("SUBSCRIPTIONS_PER_NETWORK", default="60/hour,200/day")
# Who knows which events belong to a list with filters that somebody follows; notifications may not import the API.
NOTIFICATIONS_FIND_WITH = "api.saved_searches.found_by"
REST_FRAMEWORK = {
    # Keys first: then a stranger's POST is answered 401, not 403.
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "api.http.authentication.KeyAuthentication",
        "api.http.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticatedOrReadOnly"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "api.http.errors.handle",
    "URL_FORMAT_OVERRIDE": None,
    "NUM_PROXIES": PROXIES,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Said & Done",
    "DESCRIPTION": "A public record of what neighbourhood policing promised and did.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": ["api.http.hooks.finish"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

# --- Logs -----------------------------------------------------------------------------------------------

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO" if IN_PRODUCTION else "WARNING").upper()
LOGGING_CONFIG = None
logs.configure(level=LOG_LEVEL, as_json=IN_PRODUCTION)

_problems = production.problems(globals(), os.environ)
if _problems:
    raise ImproperlyConfigured(production.words(_problems))
