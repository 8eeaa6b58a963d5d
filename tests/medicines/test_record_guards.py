"""What is published never changes: the database refuses it, for the ORM, its base manager and SQL alike."""

from datetime import date

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, models, transaction

from medicines.actions.publish import Publication, publish
from medicines.actions.verify import Misfit, verify_record
from medicines.content.fingerprint import fingerprint
from medicines.content.schema import Content, Facts
from medicines.models import Edition, EditionEntry, Recommendation, Version

SOURCE = {"meeting": "25th Expert Committee"}


def publish_some(*medicines: str) -> list[Version]:
    publications = [
        Publication(
            content=Content(facts=Facts(medicine=name, indication="Use")),
            kind="imported",
            effective_date=date(2025, 9, 5),
        )
        for name in medicines
    ]
    return publish(publications=publications, source=SOURCE)


@pytest.fixture
def record(db: None) -> list[Version]:
    versions = publish_some("baclofen", "diazepam", "tizanidine")
    edition = Edition.objects.create(number=24, year=2025, effective_date=date(2025, 9, 5))
    EditionEntry.objects.create(edition=edition, recommendation=versions[0].recommendation, version=versions[0])
    return versions


APPEND_ONLY = [(Version, "note"), (Recommendation, "partners"), (EditionEntry, "edition_id")]


@pytest.mark.parametrize(("model", "field"), APPEND_ONLY)
def test_an_append_only_row_cannot_be_updated_or_deleted(record: list[Version], model: type[models.Model], field: str):
    row = model._default_manager.order_by("pk").first()
    value = getattr(row, field)
    table, column = model._meta.db_table, field
    attempts = [
        lambda: row.save(),
        lambda: model._default_manager.filter(pk=row.pk).update(**{field: value}),
        lambda: model._base_manager.filter(pk=row.pk).update(**{field: value}),
        lambda: model._base_manager.filter(pk=row.pk)._raw_delete(using="default"),
        lambda: connection.cursor().execute(f'UPDATE {table} SET "{column}" = "{column}" WHERE id = %s', [row.pk]),
        lambda: connection.cursor().execute(f"DELETE FROM {table} WHERE id = %s", [row.pk]),
    ]
    before = list(model._default_manager.values())
    for attempt in attempts:
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    assert list(model._default_manager.values()) == before


def test_the_serving_role_can_neither_truncate_nor_alter_any_table(serving_connection: psycopg.Connection):
    tables = serving_connection.execute(
        "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = 'public'"
    ).fetchall()
    assert len(tables) > 30
    for (table,) in tables:
        for statement in (
            f"TRUNCATE {table} CASCADE",
            f"DROP TABLE {table}",
            f"ALTER TABLE {table} DISABLE TRIGGER ALL",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), serving_connection.transaction():
                serving_connection.execute(statement)
    owned = serving_connection.execute("SELECT count(*) FROM pg_tables WHERE tableowner = current_user").fetchone()
    assert owned == (0,)


def test_the_serving_role_cannot_put_triggers_to_sleep(serving_connection: psycopg.Connection):
    with pytest.raises(psycopg.errors.InsufficientPrivilege), serving_connection.transaction():
        serving_connection.execute("SET session_replication_role = replica")


def test_the_record_verifies_and_still_contains_an_earlier_head(
    record: list[Version], capsys: pytest.CaptureFixture[str]
):
    earlier = verify_record().head
    publish_some("paracetamol")
    call_command("verify_record", "--head", earlier)
    head = Version.objects.order_by("-position").first().chain
    assert capsys.readouterr().out.splitlines() == [
        "4 versions, all as they were published.",
        f"The record contains the head {earlier}.",
        f"head {head}",
    ]


def test_a_head_that_the_record_never_had_is_told(record: list[Version]):
    assert verify_record(earlier_head="f" * 64).contains is False
    with pytest.raises(CommandError, match="does not hold"):
        call_command("verify_record", "--head", "f" * 64)


def tamper(statement: str, *values: object) -> None:
    """Change the record as only the owner of its tables can, with the triggers off."""
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE medicines_version DISABLE TRIGGER USER")
        cursor.execute(statement, values)
        connection.check_constraints()
        cursor.execute("ALTER TABLE medicines_version ENABLE TRIGGER USER")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("body = replace(body, 'diazepam', 'diazepan')", "fingerprint"),
        ("effective_date = '2024-01-01'", "chain"),
        ('provenance = \'{"meeting": "another"}\'', "chain"),
        ("note = 'x'", "chain"),
        ("outcome = 'added'", "chain"),
        ("position = 9", "position"),
    ],
)
def test_a_version_that_was_changed_is_named(record: list[Version], change: str, reason: str):
    tamper(f"UPDATE medicines_version SET {change} WHERE position = 2")
    found = verify_record().misfits
    position = 9 if reason == "position" else 2
    assert Misfit(recommendation=2, version=1, position=position, reason=reason) in found


def test_a_version_rewritten_with_a_fitting_fingerprint_breaks_the_chain(record: list[Version]):
    body = record[1].body.replace("diazepam", "diazepan")
    tamper("UPDATE medicines_version SET body = %s, fingerprint = %s WHERE position = 2", body, fingerprint(body))
    assert Misfit(recommendation=2, version=1, position=2, reason="chain") in verify_record().misfits


def test_an_empty_record_holds_and_has_no_head(db: None):
    verification = verify_record()
    assert (verification.holds, verification.head) == (True, None)
