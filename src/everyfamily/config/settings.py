"""Settings of the Django apps. They are read from the environment. Nothing personal or secret is written here.

There are three database aliases, one for each role. `default` is the app role, which row-level security limits to one
school. `planner` reads ids, hashes, states and flags of all schools and never an encrypted value. `owner` migrates.
"""

from __future__ import annotations

import os
from pathlib import Path

from everyfamily.channels.carrier_choice import SHORT_FORMS
from everyfamily.config.carrier_choice import carrier_choice, notify_account, receipts_token
from everyfamily.config.databases import databases
from everyfamily.config.environment import number, shares, word
from everyfamily.config.hosts import allowed_hosts
from everyfamily.config.mail import bounces, provider, replies
from everyfamily.config.own_sign_in import own_sign_ins
from everyfamily.config.pages import *  # noqa: F403 (a setting is a name of this module)
from everyfamily.config.secret_keys import earlier_secret_keys, earlier_sign_in_keys, secret_key
from everyfamily.config.security_log import logging_of
from everyfamily.config.smtp import smtp
from everyfamily.core.partnership.routes import Route
from everyfamily.core.passkeys import ANY, KINDS

# Signs the links of returns and of schools' invitations. What earlier keys signed is still taken.
SECRET_KEY = secret_key(os.environ)
SECRET_KEY_FALLBACKS = earlier_secret_keys(os.environ)
DEBUG = False
# Where schools and the partnership reach the pages: https and the host, such as https://letters.eastmere.example
EVERYFAMILY_BASE_URL = os.environ.get("EVERYFAMILY_BASE_URL", "")
ALLOWED_HOSTS = allowed_hosts(EVERYFAMILY_BASE_URL)
# The routes that the check by itself compares numbers with. Here it has those in force (staff/check/register.py).
EVERYFAMILY_REGISTER: tuple[Route, ...] | None = None
# The partnership's file. It counts until a version of the settings is stored (partnership/queries.py).
EVERYFAMILY_PARTNERSHIP = os.environ.get("EVERYFAMILY_PARTNERSHIP", "")
# Where the worker writes the parent site that is published from its page. A preview is written next to it.
EVERYFAMILY_SITE_FOLDER = (
    Path(os.environ["EVERYFAMILY_SITE_FOLDER"]) if os.environ.get("EVERYFAMILY_SITE_FOLDER") else None
)
# The folder of content packs from which letters are begun. Empty: that of this checkout.
EVERYFAMILY_PACKS = os.environ.get("EVERYFAMILY_PACKS", "")
# The signed list of the keys of those who approve letters, beside the sealing key. No worker seals a real letter
# without it (letters/files/key_lists.py).
EVERYFAMILY_SIGNATORY_KEYS_FILE = os.environ.get("EVERYFAMILY_SIGNATORY_KEYS_FILE", "")

INSTALLED_APPS = [
    "everyfamily.audit",
    "everyfamily.work",
    "everyfamily.partnership",
    "everyfamily.people",
    "everyfamily.letters",
    "everyfamily.mailings",
    "everyfamily.reports",
    "everyfamily.accounts",
    "everyfamily.staff",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "procrastinate.contrib.django",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
]
DATABASES = databases(os.environ)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The partnership's sealing key and its passphrase, each a file. Only a worker for screens has them, and never a process
# that serves pages (docs/howto/run-the-workers.md).
EVERYFAMILY_SEALING_KEY_FILE = os.environ.get("EVERYFAMILY_SEALING_KEY_FILE", "")
EVERYFAMILY_SEALING_PASSPHRASE_FILE = os.environ.get("EVERYFAMILY_SEALING_PASSPHRASE_FILE", "")

# Sign-in (docs/adr/0038). Each account has a password and a second factor; nobody makes their own account.
AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "everyfamily.config.passwords.NotGuessedFirst"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["name", "email"]},
    },
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk"
ACCOUNT_ADAPTER = "everyfamily.staff.doors.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_FORMS = {"change_password": "everyfamily.staff.doors.forms.PasswordForm"}
MFA_ADAPTER = "everyfamily.staff.doors.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "everyfamily"
# A passkey signs in by itself, because it asks for a finger, a face or a PIN.
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_FORMS = {
    "authenticate": "everyfamily.staff.doors.forms.CodeForm",
    "reauthenticate": "everyfamily.staff.doors.forms.CodeAgainForm",
    "add_webauthn": "everyfamily.staff.doors.forms.AddPasskeyForm",
    "edit_webauthn": "everyfamily.staff.doors.forms.RenamePasskeyForm",
    "login_webauthn": "everyfamily.staff.doors.forms.PasskeySignInForm",
    "authenticate_webauthn": "everyfamily.staff.doors.forms.PasskeyForm",
    "reauthenticate_webauthn": "everyfamily.staff.doors.forms.PasskeyAgainForm",
}
# Tries are counted in a table, for all processes that serve the pages.
CACHES = {"default": {"BACKEND": "everyfamily.accounts.actions.tries.Tries"}}
# Tries from one network. A council's offices may share one address, and all come at nine.
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "60/m/ip,5/300s/key"}
# Which passkeys are taken: "any", or only "device-bound" ones, which no service copies to other devices.
EVERYFAMILY_PASSKEYS = word(os.environ, "EVERYFAMILY_PASSKEYS", KINDS, ANY)
# The key with which the secrets of second factors are encrypted: a file with 32 bytes in base64.
EVERYFAMILY_SIGN_IN_KEY_FILE = os.environ.get("EVERYFAMILY_SIGN_IN_KEY_FILE", "")
# Those that it replaced. They open secrets until `everyfamily keys reseal` has encrypted them again.
EVERYFAMILY_EARLIER_SIGN_IN_KEYS = earlier_sign_in_keys(os.environ)
# A council's or a force's own sign-in instead of a password (docs/howto/connect-your-own-sign-in.md). Which there are
# is in a file, never in the database.
EVERYFAMILY_OWN_SIGN_INS = own_sign_ins(os.environ)
SOCIALACCOUNT_ADAPTER = "everyfamily.staff.doors.own_sign_in.provider.OwnSignInAccounts"

# The tables hold a digest of the cookie, under a key made of the one for sign-in (staff/doors/session_store.py).
SESSION_ENGINE = "everyfamily.staff.doors.session_store"
# A session ends after eight hours, and sooner if nobody uses it (staff/doors/sessions.py). Browsers send a __Host-
# cookie only over TLS, and only to the host that set it.
SESSION_COOKIE_NAME = "__Host-everyfamily"
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_USE_SESSIONS = True
CSRF_FAILURE_VIEW = "everyfamily.staff.doors.refused.form_refused"

# The pages. The address of a return gives access to it without an account (docs/adr/0020).
ROOT_URLCONF = "everyfamily.config.urls"
WSGI_APPLICATION = "everyfamily.config.wsgi.application"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "everyfamily.staff.doors.guard.ProductGuard",
    "everyfamily.staff.doors.session_store.SessionCookies",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "everyfamily.staff.doors.sessions.SessionLimits",
    "everyfamily.staff.doors.gate.SecondFactorGate",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "everyfamily.staff.demonstration.label",
                "everyfamily.staff.access.frame",
            ]
        },
    }
]
SECURE_REFERRER_POLICY = "no-referrer"
# Sent only over TLS: for a year, browsers ask this host only over TLS.
SECURE_HSTS_SECONDS = 31_536_000

USE_TZ = True
TIME_ZONE = "Europe/London"
LANGUAGE_CODE = "en-gb"

# Only a worker needs the jobs and all that they import (edges/worker.py); it would double the start of a command.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
PROCRASTINATE_IMPORT_PATHS = [
    "everyfamily.mailings.edges.tasks",
    "everyfamily.mailings.edges.roll_uploads",
    "everyfamily.mailings.edges.exports",
    "everyfamily.mailings.edges.letter_jobs",
    "everyfamily.reports.tasks",
    "everyfamily.accounts.desk.tasks",
    "everyfamily.accounts.tasks",
    "everyfamily.staff.site.tasks",
]

MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": smtp(os.environ)}}

# The recording channel is the default: nothing real is sent until somebody says so.
EVERYFAMILY_CHANNELS = word(os.environ, "EVERYFAMILY_CHANNELS", tuple(SHORT_FORMS), "recording")
# A carrier for each channel, if EVERYFAMILY_CHANNELS is not enough: EVERYFAMILY_EMAIL, _TEXT and _POST.
EVERYFAMILY_CARRIERS_NAMED = carrier_choice(os.environ)
# GOV.UK Notify: the key, the templates, and the token that its receipts come with (docs/howto/send-by-notify.md).
EVERYFAMILY_NOTIFY = notify_account(os.environ)
EVERYFAMILY_NOTIFY_TOKEN = receipts_token(os.environ, "EVERYFAMILY_NOTIFY_TOKEN")
# Tests and rehearsals: "yes" says that every carrier is a stand-in on this machine. Demonstrations go to them then, and
# no real letter does (mailings/installation/stand_ins.py).
EVERYFAMILY_STAND_INS = word(os.environ, "EVERYFAMILY_STAND_INS", ("yes", "no"), "no") == "yes"
# A list of the only addresses and numbers that may be written to (docs/howto/set-up-your-area.md).
EVERYFAMILY_REHEARSAL = os.environ.get("EVERYFAMILY_REHEARSAL", "")
EVERYFAMILY_OUTBOX = Path(os.environ["EVERYFAMILY_OUTBOX"]) if "EVERYFAMILY_OUTBOX" in os.environ else None
# The marker of what was sent, on another disk than the database. Without it, the marker is a file in the outbox.
EVERYFAMILY_MARKER = Path(os.environ["EVERYFAMILY_MARKER"]) if os.environ.get("EVERYFAMILY_MARKER") else None
# The postage for post, if a school's policy does not say.
EVERYFAMILY_POSTAGE = word(os.environ, "EVERYFAMILY_POSTAGE", ("first", "second", "economy"), "second")
EVERYFAMILY_SEED = int(number(os.environ, "EVERYFAMILY_SEED", 7, least=0, most=2**31))
# "system" or "database": the simulated clock of the demo and the tests is a row that every worker reads.
EVERYFAMILY_CLOCK = word(os.environ, "EVERYFAMILY_CLOCK", ("system", "database"), "system")

# A worker that gave no sign of life for this many seconds is dead, and its jobs are queued again.
EVERYFAMILY_STALLED_SECONDS = number(os.environ, "EVERYFAMILY_STALLED_SECONDS", 15, least=0.1, most=86_400)
# How often a worker that has nothing to do asks for jobs. The demonstration's clock leaps, so it asks more often.
EVERYFAMILY_POLLING_SECONDS = number(os.environ, "EVERYFAMILY_POLLING_SECONDS", 1, least=0.02, most=60)

# If more than this share of an hour's messages, and at least this many, have failed, the mailing pauses for a person.
EVERYFAMILY_FAILURE_SHARE = number(os.environ, "EVERYFAMILY_FAILURE_SHARE", 0.2, least=0.01, most=1)
EVERYFAMILY_FAILURE_LEAST = int(number(os.environ, "EVERYFAMILY_FAILURE_LEAST", 25, least=1, most=1_000_000))

LOGGING = logging_of(os.environ)

# Shares and seconds of the recording carrier's faults, e.g. "silent=0.0004,delay=0.005" (recording.py).
EVERYFAMILY_FAULTS = shares(os.environ, "EVERYFAMILY_FAULTS")
# The envelope sender of email. Replies go to the mailing's own mailbox, which somebody reads.
EVERYFAMILY_SENDER = os.environ.get("EVERYFAMILY_SENDER", "letters@eastmere.example")
# Where failures of email come back to, and where replies are (docs/howto/read-bounces-and-replies.md).
EVERYFAMILY_BOUNCES = bounces(os.environ)
EVERYFAMILY_REPLIES = replies(os.environ)
# A provider of email behind django-anymail, if EVERYFAMILY_CHANNELS says so (docs/channels/anymail.md).
ANYMAIL = provider(os.environ)
EVERYFAMILY_ANYMAIL = os.environ.get("EVERYFAMILY_ANYMAIL_BACKEND", "")
if EVERYFAMILY_ANYMAIL:
    MAILERS["anymail"] = {"BACKEND": EVERYFAMILY_ANYMAIL}
