"""The settings of one installation; every one that a person may set comes from the environment."""

import os
from pathlib import Path

from stammkunde.config.databases import database
from stammkunde.config.private import private_folder
from stammkunde.config.secret import secret_key

HOME = private_folder(Path(os.environ.get("STAMMKUNDE_HOME", "data")).resolve())
DEMO = os.environ.get("STAMMKUNDE_DEMO", "") == "1"
HOSTS = [host.strip() for host in os.environ.get("STAMMKUNDE_HOSTS", "").split(",") if host.strip()]
HTTPS = os.environ.get("STAMMKUNDE_HTTPS", "") == "1"

SECRET_KEY = secret_key(HOME)
DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *HOSTS]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in HOSTS] if HTTPS else []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "stammkunde.accounts",
    "stammkunde.customers",
    "stammkunde.catalogue",
    "stammkunde.events",
    "stammkunde.segments",
    "stammkunde.journeys",
    "stammkunde.insights",
    "stammkunde.workspace",
    "stammkunde.api",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "stammkunde.workspace.headers.ContentPolicyMiddleware",
    "stammkunde.api.problems.ProblemMiddleware",
    "stammkunde.workspace.waiting.PatienceMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "stammkunde.accounts.access.AccessMiddleware",
    "stammkunde.workspace.bodies.BodyMiddleware",
    "stammkunde.workspace.zeros.ZeroMiddleware",
    "stammkunde.accounts.languages.LanguageMiddleware",
    "stammkunde.accounts.audit.AuditMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "stammkunde.config.urls"
WSGI_APPLICATION = "stammkunde.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "stammkunde.workspace.context.workspace",
            ]
        },
    }
]
DATABASES = {"default": database(os.environ.get("DATABASE_URL", ""), home=HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "stammkunde.accounts.passwords.EasilyGuessedValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"

LANGUAGE_CODE = "de"
LANGUAGES = [("de", "Deutsch (Sie)"), ("de-du", "Deutsch (du)"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).resolve().parents[1] / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2**20
PATIENCE_SECONDS = float(os.environ.get("STAMMKUNDE_PATIENCE_SECONDS", "30"))
UPLOAD_LIMIT = int(os.environ.get("STAMMKUNDE_UPLOAD_LIMIT_MB", "2000")) * 1_000_000
FILE_UPLOAD_HANDLERS = [
    "stammkunde.workspace.uploads.Gatekeeper",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_TEMP_DIR = HOME / "uploads"
FILE_UPLOAD_TEMP_DIR.mkdir(exist_ok=True)

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_SECURE = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("STAMMKUNDE_LOG", "WARNING")},
}
