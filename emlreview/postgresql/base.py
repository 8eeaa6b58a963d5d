"""The backend of every database of the site."""

import select

import psycopg
from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    def is_usable(self) -> bool:
        """Whether the connection lives, which Django asks once for each request that needs it.

        A server says nothing unasked. So where nothing waits to be read, it has not hung up, and no query need be
        sent to learn that: it would cost as much as finding a stored page. Else Django finds out as it always does.
        """
        if self.connection is None or self.connection.pgconn.status != psycopg.pq.ConnStatus.OK:
            return False
        waiting = select.poll()
        waiting.register(self.connection.pgconn.socket, select.POLLIN)
        return bool(super().is_usable()) if waiting.poll(0) else True
