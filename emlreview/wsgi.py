"""What a WSGI server serves: `granian --interface wsgi emlreview.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "emlreview.settings")

application = get_wsgi_application()
