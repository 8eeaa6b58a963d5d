"""The backend for the embedded server: that of every database, except that the server is there when it connects."""

from typing import Any

import psycopg

from emlreview.embedded import server
from emlreview.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        data_folder = self.settings_dict["DATA_FOLDER"]
        server.hold(data_folder)
        try:
            return super().get_new_connection(conn_params)
        except psycopg.OperationalError:
            server.revive(data_folder)
            return super().get_new_connection(conn_params)
