"""What the role that serves may do: read and write rows. It owns no table, cannot truncate and cannot migrate."""

from typing import Any

from django.conf import settings
from psycopg import sql

# In the order in which they are run; `{role}` serves, `{schema}` is where the tables are.
_GRANTS = (
    "REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {role}",
    "REVOKE CREATE ON SCHEMA {schema} FROM {role}, PUBLIC",
    "GRANT USAGE ON SCHEMA {schema} TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE, SELECT ON SEQUENCES TO {role}",
    "REVOKE INSERT, UPDATE, DELETE ON {schema}.django_migrations FROM {role}",
)


def grant_serving(connection: Any) -> str:
    """Give the serving role its rights on the database of this connection, which is the owner's. Returns its name."""
    role = settings.SERVING_ROLE
    with connection.cursor() as cursor:
        for grant in _GRANTS:
            cursor.execute(sql.SQL(grant).format(role=sql.Identifier(role), schema=sql.Identifier("public")))
    return role
