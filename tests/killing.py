"""Kill the database server after each statement of a publication in turn, and say what is left each time.

Run as a program with a data folder of its own (EMLREVIEW_DATA), migrated already. Prints one line for each kill:
the number of the statement, the versions in the record, the item's state, and whether the record verifies.
"""

import contextlib
import os
import signal
import subprocess

import django
from django.db import OperationalError, connections

django.setup()

from applications.actions import publication
from applications.models import Item
from emlreview.embedded import data
from medicines.actions.verify import verify_record
from medicines.models import Version
from tests import make

connection = connections["default"]


class KillAfter:
    """Kill the server once ``count`` statements have run; the commit is the last one."""

    def __init__(self, count: int) -> None:
        self.left = count

    def __call__(self, execute, sql, params, many, context):
        self.step()
        return execute(sql, params, many, context)

    def commit(self) -> None:
        self.step()
        type(connection)._commit(connection)

    def step(self) -> None:
        if self.left == 0:
            kill_server()
        self.left -= 1


def kill_server() -> None:
    """Kill PostgreSQL and all its processes with SIGKILL, as a power cut would."""
    place = data.cluster(connection.settings_dict["DATA_FOLDER"])
    postmaster = int((place / "postmaster.pid").read_text().split("\n", 1)[0])
    table = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    children = [int(pid) for pid, parent in map(str.split, table.splitlines()) if int(parent) == postmaster]
    for pid in (postmaster, *children):
        # A child that has seen its parent die may be gone already.
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def main() -> None:
    item = make.item(
        "cleared", asks=("One", "Two"), about=(make.facts("A"), make.facts("B")), outcomes=("added", "deferred")
    )
    publisher = make.publisher()
    statement, published = 0, False
    while not published:
        killer = KillAfter(statement)
        connection._commit = killer.commit
        try:
            with connection.execute_wrapper(killer):
                publication.publish_item(item=item, by=publisher)
        except OperationalError:
            connection.close()
        finally:
            del connection._commit
        state = Item.objects.get(pk=item.pk).state
        versions = Version.objects.count()
        print(statement, versions, state, verify_record().holds, flush=True)
        published = state == "published"
        statement += 1


if __name__ == "__main__":
    main()
