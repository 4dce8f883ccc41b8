"""Every setting of the product, read from the environment once, failing loudly.

A person who runs Luodi sets `LUODI_*` and `DATABASE_URL`; each is described in docs/operators.md.
"""

from __future__ import annotations

import secrets
from pathlib import Path

from django.utils.translation import gettext_lazy as _
from environs import Env, validate

from luodi.config.database import APP, embedded_url, from_url
from luodi.config.logs import configuration
from luodi.lib.postgres import Cluster, default_data_dir

env = Env()
PACKAGE = Path(__file__).resolve().parent.parent

# --- where things are -----------------------------------------------------------------------
DATA_DIR = env.path("LUODI_DATA", default=default_data_dir())
EVIDENCE_DIR = DATA_DIR / "evidence"
DATABASE_NAME = env.str("LUODI_DATABASE_NAME", "luodi")


def _secret() -> str:
    """The site's secret: given, or made once and kept in the data folder, for its owner only."""
    given = env.str("LUODI_SECRET_KEY", "")
    if given:
        return given
    path = DATA_DIR / "secret_key"
    if not path.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text().strip()


SECRET_KEY = _secret()
# Former secrets: still read, never written; `luodi db rekey` makes them unneeded.
SECRET_KEY_FALLBACKS: list[str] = env.list("LUODI_SECRET_KEY_FALLBACKS", [])
DEBUG = env.bool("LUODI_DEBUG", False)
ALLOWED_HOSTS = env.list("LUODI_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
SITE_URL = env.str("LUODI_SITE_URL", "http://127.0.0.1:8000")
PROXIES = env.int("LUODI_PROXIES", 0)
HTTPS = SITE_URL.startswith("https://")

# --- database -------------------------------------------------------------------------------
CLUSTER = Cluster(DATA_DIR / "postgres")
_url = env.str("DATABASE_URL", "") or embedded_url(CLUSTER, APP, DATABASE_NAME)
DATABASES = {"default": {**from_url(_url), "CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}}
MIGRATE_URL = env.str("LUODI_MIGRATE_URL", "")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "luodi.ground.scope.counters.JsonCache"}}

# --- parts ----------------------------------------------------------------------------------
# The product's apps: each says in its manifest what it brings, and stands in the navigation in
# this order.
APPS = [
    "luodi.ground.tables",
    "luodi.rooms.workbench",
    "luodi.rooms.cockpit",
    "luodi.ground.search",
    "luodi.ground.scope",
    "luodi.ground.audit",
    "luodi.ground.receipts",
    "luodi.ground.evidence",
    "luodi.ground.chat",
    "luodi.ground.notices",
    "luodi.ground.imports",
    "luodi.ground.figures",
    "luodi.ground.calendars",
    "luodi.ground.records",
    "luodi.rooms.directory",
    "luodi.rooms.casework",
    "luodi.rooms.registers",
    "luodi.rooms.places",
    "luodi.rooms.publicity",
    "luodi.rooms.circle",
    "luodi.rooms.pioneer",
    "luodi.rooms.exchange",
    "luodi.rooms.energy",
    "luodi.rooms.guidance",
    "luodi.rooms.gatherings",
    "luodi.rooms.classes",
    "luodi.rooms.seasons",
    "luodi.rooms.pathways",
    "luodi.rooms.care",
    "luodi.rooms.duties",
    "luodi.rooms.public",
    "luodi.rooms.programmes",
    "luodi.rooms.reports",
]
INSTALLED_APPS = [
    *APPS,
    "luodi.shell",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django_htmx",
    "ninja",
    "template_partials.apps.SimpleAppConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "luodi.ground.scope.apps.SessionsConfig",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "luodi.config.middleware.ClientAddress",
    "luodi.config.middleware.ContentPolicy",
    "luodi.config.middleware.NoNul",
    "luodi.config.middleware.UploadLimit",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "luodi.config.middleware.NotKept",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "luodi.ground.scope.middleware.IdleTimeout",
    "luodi.ground.scope.middleware.ScopeMiddleware",
    "luodi.ground.receipts.middleware.OnceMiddleware",
    "luodi.shell.middleware.PlainErrors",
]

ROOT_URLCONF = "luodi.config.urls"
WSGI_APPLICATION = "luodi.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "luodi.shell.context.shell",
            ],
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            ["django.template.loaders.app_directories.Loader"],
                        )
                    ],
                )
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "template_partials.templatetags.partials",
                "luodi.shell.templatetags.luodi",
            ],
        },
    }
]

# --- signing in -----------------------------------------------------------------------------
AUTH_USER_MODEL = "scope.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in [
        ("MinimumLengthValidator", {"min_length": 10}),
        ("UserAttributeSimilarityValidator", {"user_attributes": ("username", "name", "email")}),
    ]
] + [{"NAME": "luodi.ground.scope.passwords.Guessable"}]
ACCOUNT_ADAPTER = "luodi.ground.scope.signin.Adapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
# Of the second factor; passwords are guarded by scope/tries.py.
ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip,5/5m/key"}
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
MFA_ADAPTER = "luodi.ground.scope.signin.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # a browser offers it on localhost only
# The three administrators and who reads a whole zone sign in with a second factor. The demonstration
# only offers it, and says so.
SECOND_FACTOR_DEMANDED = {"demanded": True, "offered": False}[
    env.str("LUODI_SECOND_FACTOR", "demanded", validate=validate.OneOf(["demanded", "offered"]))
]
MFA_TOTP_ISSUER = "Luodi"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
SESSION_ENGINE = "luodi.ground.scope.sessions"
SESSION_COOKIE_AGE = env.int("LUODI_SESSION_SECONDS", 12 * 3600)
IDLE_SECONDS = env.int("LUODI_IDLE_SECONDS", 30 * 60)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
# Behind TLS: cookies that no other host, no other path and no plain connection can set, and no way
# back to a plain connection for two years.
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrftoken"
SECURE_HSTS_SECONDS = 2 * 365 * 86_400 if HTTPS else 0
SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"
ONE_TIME_PASSWORD_DAYS = env.int("LUODI_ONE_TIME_PASSWORD_DAYS", 7)
SESSION_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# No page has a script or a style of its own in it; Bootstrap's icons and the second factor's code
# are data: images.
CONTENT_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none';"
    " form-action 'self'; frame-ancestors 'none'"
)

# --- language and time ----------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "shell/locale"]
TIME_ZONE = env.str("LUODI_TIME_ZONE", "Asia/Shanghai")
USE_TZ = USE_I18N = True
FORMAT_MODULE_PATH = ["luodi.shell.formats"]

# --- files ----------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "luodi.shell.storage.Storage"},
}
UPLOAD_LIMIT_BYTES = env.int("LUODI_UPLOAD_LIMIT_MB", 50) * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

# --- reports without an account: how many an hour -------------------------------------------
REPORTS_PER_ENTERPRISE = env.int("LUODI_REPORTS_PER_ENTERPRISE", 60)
# A factory's people may all come from one address.
REPORTS_PER_ADDRESS = env.int("LUODI_REPORTS_PER_ADDRESS", 30)
LOOK_UPS_PER_ADDRESS = env.int("LUODI_LOOK_UPS_PER_ADDRESS", 60)
LOOK_UPS_PER_CASE = env.int("LUODI_LOOK_UPS_PER_CASE", 10)

# --- mail, messages, logs -------------------------------------------------------------------
EMAIL_HOST = env.str("LUODI_EMAIL_HOST", "")  # none: what would be sent is printed
EMAIL_BACKEND = env.str(
    "LUODI_EMAIL_BACKEND",
    "luodi.ground.notices.smtp.Backend"
    if EMAIL_HOST
    else "django.core.mail.backends.console.EmailBackend",
)
EMAIL_PORT = env.int("LUODI_EMAIL_PORT", 25)
EMAIL_HOST_USER = env.str("LUODI_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = env.str("LUODI_EMAIL_PASSWORD", "")
EMAIL_USE_TLS = env.bool("LUODI_EMAIL_TLS", False)  # STARTTLS, usually on 587
EMAIL_USE_SSL = env.bool("LUODI_EMAIL_SSL", EMAIL_PORT == 465)  # TLS from the first byte
if EMAIL_USE_TLS and EMAIL_USE_SSL:
    raise ValueError("LUODI_EMAIL_TLS is STARTTLS, LUODI_EMAIL_SSL is for port 465: set one")
DEFAULT_FROM_EMAIL = env.str("LUODI_EMAIL_FROM", "luodi@localhost")
# How long any mail server or group chat may keep silent.
EMAIL_TIMEOUT = WEBHOOK_TIMEOUT = env.float("LUODI_SEND_TIMEOUT_SECONDS", 15.0)
# For the tests, whose group is on this machine; elsewhere a webhook must be a public address.
WEBHOOKS_MAY_BE_LOCAL = env.bool("LUODI_WEBHOOKS_MAY_BE_LOCAL", False)
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
# Where a test puts servers that answer as the chat platforms do; "" asks the platforms themselves.
CHAT_STANDIN = env.str("LUODI_CHAT_STANDIN", "")

LOGGING = configuration(
    env.str("LUODI_LOG_LEVEL", "WARNING"),
    env.str("LUODI_LOG_FORMAT", "text", validate=validate.OneOf(["text", "json"])),
    env.str("LUODI_SYSLOG", ""),
)
SILENCED_SYSTEM_CHECKS: list[str] = []
SITE_NAME = _("落地")
