"""What SQL injected into somebody's request can do, as the application's role: each attack fails.

A forged scope, one of another transaction, one that has expired; entries in the trail that nothing
stands behind; foreign former values; messages and jobs in another's name.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.contrib.auth import authenticate
from django.db import DatabaseError, connection, transaction

from luodi.ground.evidence.api import File
from luodi.ground.notices import api as notices
from luodi.ground.scope import api as scope
from luodi.ground.scope.actor import EVERYTHING, Scope, _apply, _state
from luodi.ground.scope.api import NOBODY, SYSTEM, acting
from tests.zone import PASSWORD, Zone


def asked(statement: str, *values: object) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def refused(statement: str, *values: object) -> bool:
    """Whether injected SQL changes nothing."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.rowcount == 0
    except DatabaseError:
        return True


def _file(unit: scope.Unit, name: str = "示例") -> File:
    return File.objects.create(
        unit=unit,
        subject="t",
        subject_id=1,
        name=name,
        content_type="",
        size=1,
        sha256="0" * 64,
    )


# --- signatures -------------------------------------------------------------------------------


@contextmanager
def believed(values: dict[str, str]) -> Iterator[None]:
    """Sets what somebody has got hold of, as injected SQL could."""
    with transaction.atomic():
        _apply(values)
        yield
        transaction.set_rollback(True)


def test_a_signature_is_good_in_its_transaction_only(committed_db: None) -> None:
    with acting(SYSTEM):
        _here, _now, caught = _state()
        assert asked("SELECT luodi_scope_ok()") == [(True,)]
    with believed(caught):  # the next transaction of the same connection
        assert asked("SELECT luodi_scope_ok(), luodi_account()") == [(False, None)]
    raw = connection.connection
    assert raw is not None
    with psycopg.connect(raw.info.dsn, password=raw.info.password) as other, acting(SYSTEM):
        _here, _now, caught = _state()  # while it is valid, in another connection
        for name, value in caught.items():
            other.execute("SELECT set_config(%s, %s, true)", [name, value])
        assert other.execute("SELECT luodi_scope_ok()").fetchone() == (False,)


def test_a_scope_outlives_nobody(zone: Zone) -> None:
    """It is an error, and no silently empty table, from which a figure would be wrong."""
    _file(zone.enterprise)
    here, now, _before = _state()
    past = Scope(0, (EVERYTHING,)).settings(here, now - 3600)
    with believed(past), pytest.raises(DatabaseError, match="expired"):
        File.objects.count()


def test_no_field_slides_into_the_next(zone: Zone) -> None:
    """Of two fields that were joined, one may be empty and the other hold both."""
    here, now, _before = _state()
    values = Scope(7, powers=frozenset({"a"})).settings(here, now)
    with believed({**values, "luodi.account": "7\na", "luodi.powers": ""}):
        assert asked("SELECT luodi_scope_ok()") == [(False,)]
    with believed(values):
        assert asked("SELECT luodi_scope_ok(), luodi_account()") == [(True, 7)]


def test_a_signature_stands_in_no_statement(zone: Zone) -> None:
    """`pg_stat_activity` shows a role the statements of its other sessions."""
    with acting(zone.actor("office")):
        signature = _state()[2]["luodi.signature"]
        ((shown,),) = asked("SELECT query FROM pg_stat_activity WHERE pid = pg_backend_pid()")
        assert signature not in str(shown)
    statements = [one["sql"] for one in connection.queries_log]
    assert not any(signature in str(one) for one in statements)


def test_a_parallel_plan_reads_the_same_rows(zone: Zone) -> None:
    """A worker of a parallel query is another backend, in which the signature does not hold."""
    _file(zone.enterprise)
    asked("SET LOCAL parallel_setup_cost = 0")
    asked("SET LOCAL parallel_tuple_cost = 0")
    asked("SET LOCAL min_parallel_table_scan_size = 0")
    since_16 = connection.pg_version >= 160000  # type: ignore[attr-defined]
    setting = "debug_parallel_query" if since_16 else "force_parallel_mode"
    for forced in ("on", "regress"):
        asked(f"SET LOCAL {setting} = {forced}")
        with acting(zone.actor("liaison")):
            assert File.objects.count() == 1
        with acting(NOBODY):
            assert File.objects.count() == 0


# --- nobody -----------------------------------------------------------------------------------


def test_nobody_sets_a_password_or_deletes_an_account(zone: Zone) -> None:
    """The attack: the anonymous scope, a constant, might write every account and second factor."""
    me = zone.accounts["liaison"].pk
    with acting(NOBODY):
        assert refused("UPDATE scope_account SET password = 'x' WHERE id = %s", me)
        assert refused("UPDATE scope_account SET is_active = false")
        assert refused("DELETE FROM mfa_authenticator")
        assert refused(
            "INSERT INTO mfa_authenticator (user_id, type, data, created_at)"
            " VALUES (%s, 'totp', '{}', now())",
            me,
        )
    with acting(zone.actor("liaison")):
        assert refused("DELETE FROM scope_account WHERE id = %s", me)


def test_an_administrator_s_power_ends_with_its_zone(zone: Zone) -> None:
    """The database checks how far a power reaches, not the verb alone."""
    far = scope.create_unit(
        actor=SYSTEM, kind=scope.UnitKind.ZONE, name="示例邻区", parent=zone.county
    )
    stranger = scope.create_account(actor=SYSTEM, username="far", name="示例外人", home=far)
    near = scope.create_account(actor=SYSTEM, username="near", name="示例", home=zone.zone)
    give = (
        "INSERT INTO scope_roleholding (account_id, unit_id, role, valid)"
        " VALUES (%s, %s, 'office', '[2020-01-01,)')"
    )
    with acting(zone.actor("security_admin")) as admin:
        assert refused(give, near.pk, far.pk)
        assert refused(give, near.pk, zone.county.pk)
        assert refused(give, admin.account_id, zone.zone.pk)
        assert refused("UPDATE scope_account SET password = 'x' WHERE id = %s", stranger.pk)
        assert refused("UPDATE scope_account SET home_id = %s WHERE id = %s", far.pk, near.pk)
        assert refused("UPDATE scope_account SET home_id = NULL WHERE id = %s", near.pk)
        assert not refused(give, near.pk, zone.zone.pk)
        assert not refused("UPDATE scope_account SET password = 'x' WHERE id = %s", near.pk)


def test_a_hash_of_former_strength_is_written_anew_at_the_sign_in(zone: Zone) -> None:
    account = zone.accounts["liaison"]
    scope.Account.objects.filter(pk=account.pk).update(password="md5$short$x")
    account.refresh_from_db()
    account.set_password(PASSWORD)
    algorithm, _salt, digest = account.password.split("$")
    assert (algorithm, len(digest)) == ("md5", 32)
    with acting(NOBODY):
        assert authenticate(username="liaison", password=PASSWORD) is None
    account.save()
    with acting(NOBODY):
        assert authenticate(username="liaison", password=PASSWORD) == account


# --- the trail --------------------------------------------------------------------------------


def test_nobody_writes_an_entry_that_nothing_stands_behind(zone: Zone) -> None:
    note = "SELECT luodi_note(%s, 'casework_case', '1', '', '{}')"
    for actor in (zone.actor("office"), SYSTEM):
        with acting(actor):
            assert refused("SELECT luodi_trail('insert', 'casework_case', '1', '', '{}')")
            for action in ("insert", "update", "delete", "DELETE"):
                assert refused(note, action)
            assert not refused(note, "export")
        with acting(SYSTEM):
            ((who,),) = asked("SELECT account_id FROM audit_entry ORDER BY id DESC LIMIT 1")
        assert who == actor.account_id
    asked("SELECT set_config('luodi.signature', '', true)")
    assert refused(note, "export")


def test_nobody_but_the_program_seals(zone: Zone) -> None:
    seal = (
        "INSERT INTO audit_seal (epoch, xid_from, xid_to, entries, root, previous, digest, at)"
        " VALUES (1, 0, 1, 0, '', '', '', now())"
    )
    for role in ("office", "auditor", "system_admin"):
        with acting(zone.actor(role)):
            assert refused(seal)
    assert not refused(seal)


def test_the_past_of_what_one_does_not_see_is_not_given(zone: Zone) -> None:
    """The attack: `luodi_since` gave the former values of foreign rows, and whole deleted ones."""
    ((start,),) = asked("SELECT clock_timestamp()")
    stays, goes, leaves, comes = (
        _file(unit, f"秘密{number}")
        for number, unit in enumerate((zone.elsewhere, zone.elsewhere, zone.second, zone.elsewhere))
    )
    ((at,),) = asked("SELECT clock_timestamp()")
    File.objects.filter(pk=stays.pk).update(name="改")
    goes.delete()
    File.objects.filter(pk=leaves.pk).update(unit=zone.elsewhere, name="走")
    File.objects.filter(pk=comes.pk).update(unit=zone.enterprise, name="来")
    since = "SELECT was::text, existed FROM luodi_since('evidence_file', %s, '0', ':')"
    with acting(zone.actor("liaison")):
        for instant in (at, start):
            told = json.dumps(asked(since, instant), ensure_ascii=False)
            assert "秘密" not in told and "true" not in told
    with acting(zone.actor("office")):
        assert json.dumps(asked(since, at), ensure_ascii=False).count("秘密") == 4
    assert isinstance(at, dt.datetime)


# --- messages and jobs ------------------------------------------------------------------------


def test_nobody_writes_into_another_s_inbox(zone: Zone) -> None:
    """The attack: a message to anybody, with a link, in the program's name."""
    other = zone.accounts["secretary"]
    row = {"account_id": other.pk, "key": "k", "text": "请点开", "url": "//x", "at": "2022-12-22"}
    text = json.dumps([row])
    with acting(zone.actor("liaison")):
        assert refused(
            "INSERT INTO notices_notice (account_id, key, text, url, at)"
            " VALUES (%s, 'k', '请点开', '//x', now())",
            other.pk,
        )
        signature = _state()[2]["luodi.signature"]
        assert refused("SELECT luodi_tell(%s, '')", text)
        assert refused("SELECT luodi_tell(%s, %s)", text, signature)
        assert refused("SELECT luodi_tell(%s, NULL)", text)
        notices.tell(accounts=[other], key="k", text="示例")
    assert [one.text for one in notices.Notice.objects.all()] == ["示例"]


def test_the_role_s_own_settings_do_not_last(server: tuple[str, dict[str, str]]) -> None:
    """PostgreSQL lets every role alter its own settings: the next start takes that back."""
    from luodi.lib.postgres.bootstrap import PATIENCE, bootstrap

    name = connection.settings_dict["NAME"]
    with psycopg.connect(server[0], dbname=name, autocommit=True) as superuser:
        superuser.execute(f"ALTER ROLE luodi_app IN DATABASE {name} SET enable_hashjoin = off")
        superuser.execute("ALTER ROLE luodi_app SET enable_mergejoin = off")
        bootstrap(server[0], dbname=name, passwords=server[1])
        rows = superuser.execute(
            "SELECT setdatabase, unnest(setconfig) FROM pg_db_role_setting"
            " WHERE setrole = 'luodi_app'::regrole"
        ).fetchall()
    assert all(database == 0 for database, _setting in rows)
    assert {str(setting).partition("=")[0] for _database, setting in rows} == {
        "random_page_cost",
        "seq_page_cost",
        "track_activities",
        *PATIENCE,
    }
