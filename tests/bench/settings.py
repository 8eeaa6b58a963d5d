"""The site's own settings, with one view more: an empty one to compare with."""

from emlreview.settings import *

ROOT_URLCONF = "tests.bench.urls"
