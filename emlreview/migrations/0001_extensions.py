"""What both wings may use of PostgreSQL; all four are trusted: the owner of the database may add them."""

from django.contrib.postgres.operations import (
    BtreeGistExtension,
    CITextExtension,
    TrigramExtension,
    UnaccentExtension,
)
from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    run_before = [("medicines", "0001_initial"), ("applications", "0001_initial")]
    operations = [BtreeGistExtension(), CITextExtension(), TrigramExtension(), UnaccentExtension()]
