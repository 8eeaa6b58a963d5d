"""What the role that serves may do: read and write rows. It owns no table, cannot truncate and cannot migrate."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from psycopg import sql

# In the order in which they are run; `{role}` serves, `{schema}` is where the tables are.
_GRANTS = (
    "REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {role}",
    "REVOKE CREATE ON SCHEMA {schema} FROM {role}",
    "GRANT USAGE ON SCHEMA {schema} TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE, SELECT ON SEQUENCES TO {role}",
    "REVOKE INSERT, UPDATE, DELETE ON {schema}.django_migrations FROM {role}",
)


def grant_serving(connection: Any) -> str:
    """Give the serving role its rights on the database of this connection, which is the owner's; returns its name.

    Refuses, with advice, where the two roles are one or the serving role does not exist.
    """
    role = settings.SERVING_ROLE
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper FROM pg_roles WHERE rolname = %s", [role])
        found = cursor.fetchone()
        if found is None:
            raise CommandError(f"There is no role {role}. Make it: CREATE ROLE \"{role}\" LOGIN PASSWORD '...'")
        owner, serves_as_superuser = found
        if owner == role or serves_as_superuser:
            raise CommandError(
                f"The role {role} in DATABASE_URL must be another than the owner of the tables, and no superuser: "
                "what is published is safe only from a role that cannot truncate."
            )
        for grant in _GRANTS:
            cursor.execute(sql.SQL(grant).format(role=sql.Identifier(role), schema=sql.Identifier("public")))
    return role
