"""The site's settings for tests: the owner's role, on the embedded server unless DATABASE_OWNER_URL names one."""

import os

os.environ.setdefault("EMLREVIEW_DEMO", "1")
os.environ.setdefault("EMLREVIEW_ROLE", "owner")

from emlreview.settings import *
from emlreview.settings import DATABASES, STORAGES

STORAGES |= {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DATABASES["default"]["TEST"] = {"NAME": "test_emlreview"}
