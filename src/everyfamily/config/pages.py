"""What every page needs, whoever serves it: its static files, and what a browser may load for it.

Names in capitals are Django's settings. The product's settings import them, and the check by itself takes them all.
"""

from __future__ import annotations

from pathlib import Path

from django.utils.csp import CSP as _CSP

STATIC_URL = "/static/"
# The typefaces of the parent site are the screens' too.
STATICFILES_DIRS = [("fonts", Path(__file__).parents[1] / "parentsite" / "assets" / "fonts")]
# Served straight from the packages, with nothing to collect.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600
WHITENOISE_ALLOW_ALL_ORIGINS = False
SECURE_CSP = {
    "default-src": [_CSP.NONE],
    "style-src": [_CSP.SELF],
    "img-src": [_CSP.SELF],
    "font-src": [_CSP.SELF],
    "form-action": [_CSP.SELF],
    "base-uri": [_CSP.NONE],
    "frame-ancestors": [_CSP.NONE],
}
# For the pages that load a script of ours, and only for them (staff/templatetags/own_scripts.py).
CSP_WITH_SCRIPT = SECURE_CSP | {"script-src": [_CSP.SELF], "connect-src": [_CSP.SELF]}
SECURE_CONTENT_TYPE_NOSNIFF = True
# A page of fifty rows to tick, and what else its form has.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 100
# No file that somebody sends is ever written to a disk. How large a request may be, the server says (serving.py), and
# the form says what is too long for it, and keeps the words.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = DATA_UPLOAD_MAX_MEMORY_SIZE = 70_000_000
