"""The trail: complete, append-only, and a change of it shows."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from tests.zone import Zone, build_zone

from luodi.ground.audit import anchors
from luodi.ground.audit import api as audit
from luodi.ground.audit.seal import NOTHING, canonical, merkle_root
from luodi.ground.scope import api as scope
from luodi.ground.scope.api import SYSTEM, acting, because


def entries(subject: str, pk: int) -> list[audit.Entry]:
    return list(audit.Entry.objects.filter(subject=subject, subject_id=pk).order_by("id"))


def test_a_change_is_written_with_who_and_why(zone: Zone) -> None:
    actor = zone.actor("office")
    with acting(actor):
        because("更名通知")
        scope.change_unit(actor=actor, unit=zone.enterprise, name="示例丁公司")
    last = entries("scope_unit", zone.enterprise.pk)[-1]
    assert last.action == "update"
    assert last.account_id == zone.accounts["office"].pk
    assert last.why == "更名通知"
    assert last.changes["name"] == ["示例甲公司", "示例丁公司"]
    assert last.path == zone.enterprise.path


def test_hidden_values_are_only_named(zone: Zone) -> None:
    made = entries("scope_account", zone.accounts["liaison"].pk)[0]
    assert made.changes["password"] == ["●", "●"]


def test_signing_in_leaves_one_entry_with_who_it_was(zone: Zone) -> None:
    account = zone.accounts["liaison"]
    before = audit.Entry.objects.count()
    zone.client("liaison")
    made = audit.Entry.objects.order_by("id")[before:]
    assert [(one.action, one.account_id) for one in made] == [("sign-in", account.pk)]


def test_a_change_of_nothing_leaves_no_entry(zone: Zone) -> None:
    before = audit.Entry.objects.count()
    zone.enterprise.save()
    assert audit.Entry.objects.count() == before


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET why = 'x'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "INSERT INTO audit_entry (epoch, xid, at, action, subject, subject_id, changes, why, digest)"
        " VALUES (1, 1, now(), 'x', 'x', '1', '{}', '', '')",
        "DELETE FROM audit_seal",
        "UPDATE audit_epoch SET number = 7",
    ],
)
def test_the_application_cannot_touch_the_trail(zone: Zone, statement: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_digest_is_over_the_canonical_bytes(zone: Zone) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT epoch::text, xid::text, ((extract(epoch FROM at) * 1000000)::bigint)::text,"
            " account_id::text, action, subject, subject_id, path, changes::text, why, digest"
            " FROM audit_entry"
        )
        rows = cursor.fetchall()
    assert rows
    for row in rows:
        assert hashlib.sha256(canonical(row[:10])).digest() == bytes(row[10])


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=40))
def test_merkle_root_is_the_recursive_definition(digests: list[bytes]) -> None:
    def slow(leaves: list[bytes]) -> bytes:  # RFC 6962, 2.1
        if len(leaves) == 1:
            return hashlib.sha256(b"\x00" + leaves[0]).digest()
        split = 1
        while split * 2 < len(leaves):
            split *= 2
        return hashlib.sha256(b"\x01" + slow(leaves[:split]) + slow(leaves[split:])).digest()

    assert merkle_root(digests) == (slow(digests) if digests else NOTHING)


@given(st.lists(st.none() | st.text(), max_size=5), st.lists(st.none() | st.text(), max_size=5))
def test_different_fields_have_different_bytes(
    one: list[str | None], two: list[str | None]
) -> None:
    assert (canonical(one) == canonical(two)) == (one == two)


def seal_everything() -> None:
    """Seals until nothing is left.

    Other tests' transactions on the same server hold seals up, some for as long as a module runs.
    """
    deadline = time.monotonic() + 900
    while time.monotonic() < deadline:
        with acting(SYSTEM):
            audit.seal()
            sealed = sum(audit.Seal.objects.values_list("entries", flat=True))
            if sealed == audit.Entry.objects.count():
                return
        time.sleep(0.05)
    raise AssertionError("a transaction on this server has been open for fifteen minutes")


# An entry that fits its own digest.
FORGED = """
INSERT INTO audit_entry (epoch, xid, at, account_id, action, subject, subject_id, path, changes, why, digest)
SELECT e, x, t, 1, 'insert', 's', '1', NULL, '{{}}', '',
  sha256(luodi_canonical(e, x, t, 1, 'insert', 's', '1', NULL, '{{}}', ''))
FROM (SELECT {epoch}::integer AS e, {xid}::bigint AS x, {at} AS t) AS made"""


class TestSealing:
    """Needs committed transactions, and a superuser who tampers."""

    @pytest.fixture
    def superuser(
        self, committed_db: None, server: tuple[str, dict[str, str]]
    ) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
        name = connection.settings_dict["NAME"]
        with psycopg.connect(server[0], dbname=name, autocommit=True) as tampering:
            with acting(SYSTEM):
                build_zone()
            anchors.file().unlink(missing_ok=True)  # of what other tests have sealed
            seal_everything()
            tampering.execute("SET session_replication_role = replica")
            yield tampering

    def problems(self) -> set[str]:
        with acting(SYSTEM):
            return {finding.problem for finding in audit.verify().findings}

    def test_an_untouched_trail_is_intact(self, superuser: object) -> None:
        with acting(SYSTEM):
            verdict = audit.verify()
        assert verdict.findings == () and verdict.sealed > 20

    @pytest.mark.parametrize(
        ("statement", "found"),
        [
            (
                "UPDATE audit_entry SET why = 'x' WHERE id = (SELECT min(id) FROM audit_entry)",
                {"entry"},
            ),
            (
                "DELETE FROM audit_entry WHERE id = (SELECT max(id) FROM audit_entry)",
                {"count", "root"},
            ),
            (
                "UPDATE audit_entry SET why = 'x', digest = sha256(luodi_canonical(epoch, xid, at,"
                " account_id, action, subject, subject_id, path, changes, 'x'))"
                " WHERE id = (SELECT min(id) FROM audit_entry)",
                {"root"},
            ),
            (
                "UPDATE audit_seal SET entries = entries + 1 WHERE id = (SELECT max(id) FROM audit_seal)",
                {"count", "chain"},
            ),
            (
                "UPDATE audit_seal SET previous = sha256('x') WHERE id = (SELECT max(id) FROM audit_seal)",
                {"chain"},
            ),
            (
                "UPDATE audit_seal SET at = at - interval '1 hour' WHERE id = (SELECT max(id) FROM audit_seal)",
                {"chain", "time"},
            ),
            ("UPDATE audit_epoch SET began_at = began_at - interval '1 day'", {"chain"}),
            (FORGED.format(epoch=0, xid=900, at="now()"), {"outside"}),
            (FORGED.format(epoch=1, xid=0, at="now()"), {"count", "root", "outside"}),
            (FORGED.format(epoch=1, xid=2**40, at="now()"), {"outside"}),
            (
                FORGED.format(
                    epoch=1,
                    xid="(SELECT max(xid_to) FROM audit_seal)",
                    at="timestamptz '2022-12-22'",
                ),
                {"time"},
            ),
        ],
    )
    def test_tampering_shows(
        self, superuser: psycopg.Connection[tuple[object, ...]], statement: str, found: set[str]
    ) -> None:
        superuser.execute(statement)
        assert self.problems() == found

    def test_seals_that_stand_outside_are_missed(
        self, superuser: psycopg.Connection[tuple[object, ...]], settings: Any, tmp_path: Path
    ) -> None:
        """A cut tail fits together in the database: entries, and the seal over them."""
        settings.DATA_DIR = tmp_path
        with acting(SYSTEM):
            for one in audit.Seal.objects.all():
                anchors.write_down(one.pk, one.entries, str(one))
        assert self.problems() == set()
        superuser.execute(
            "DELETE FROM audit_entry WHERE xid >="
            " (SELECT xid_from FROM audit_seal ORDER BY id DESC LIMIT 1)"
        )
        superuser.execute("DELETE FROM audit_seal WHERE id = (SELECT max(id) FROM audit_seal)")
        assert self.problems() == {"anchor"}

    def test_a_seal_waits_for_running_transactions(
        self, superuser: psycopg.Connection[tuple[object, ...]]
    ) -> None:
        """What is still being written is sealed by a later seal, and by exactly one."""
        with psycopg.connect(superuser.info.dsn, password=superuser.info.password) as slow:
            slow.execute("SELECT luodi_trail('late', 't', '1', NULL, '{}')")
            with acting(SYSTEM):
                audit.note("soon", "t", 2)
            with acting(SYSTEM):
                audit.seal()
            slow.commit()
        seal_everything()
        with acting(SYSTEM):
            verdict = audit.verify()
        assert verdict.findings == () and verdict.entries == verdict.sealed

    def test_what_a_backup_held_unsealed_is_sealed_after_it_is_restored(
        self, superuser: psycopg.Connection[tuple[object, ...]]
    ) -> None:
        with acting(SYSTEM):
            audit.note("last", "t", 1)
        superuser.execute("INSERT INTO audit_epoch VALUES (2, now())")
        try:
            with acting(SYSTEM):
                audit.note("first", "t", 2)
            seal_everything()
            with acting(SYSTEM):
                verdict = audit.verify()
            assert verdict.findings == () and verdict.entries == verdict.sealed
            with acting(SYSTEM):
                ends = list(audit.Seal.objects.order_by("id").values_list("epoch", "xid_to"))
            assert ends[-2] == (1, 2**63 - 1) and ends[-1][1] < 2**32
            superuser.execute("UPDATE audit_entry SET why = 'x' WHERE action = 'last'")
            assert self.problems() == {"entry"}
            superuser.execute("DELETE FROM audit_entry WHERE action = 'last'")
            assert self.problems() == {"count", "root"}
        finally:
            superuser.execute("DELETE FROM audit_epoch WHERE number = 2")
