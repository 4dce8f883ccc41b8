"""Reading is no leave to write: what injected SQL tries inside somebody's own scope changes nothing."""

from __future__ import annotations

from django.db import DatabaseError, connection, transaction

from luodi.ground.notices.api import Notice
from luodi.ground.scope.api import SYSTEM, acting
from luodi.rooms.casework import api as casework
from luodi.rooms.casework.api import Case
from luodi.rooms.registers import api as registers
from tests.casework_pages import handled
from tests.zone import Zone


def refused(statement: str, *values: object) -> bool:
    """Whether injected SQL changes nothing that could be committed."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            changed = cursor.rowcount
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # as at the end of a request
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            return changed == 0
    except DatabaseError:
        return True


SHARE = "INSERT INTO casework_share (case_id, unit_id, path, unit_path) VALUES (%s, %s, %s, %s)"


def test_nobody_shares_another_s_case_with_himself(zone: Zone) -> None:
    case = casework.raise_problem(actor=SYSTEM, unit=zone.elsewhere, text="示例")
    own = zone.district
    with acting(zone.actor("instructor")):
        for path in (case.path, own.path):
            assert refused(SHARE, case.pk, own.pk, path, own.path)
        assert not Case.objects.filter(pk=case.pk).exists()


def test_a_helper_hands_a_case_on_within_its_own_units_only(zone: Zone) -> None:
    case = handled(zone)
    with acting(zone.actor("instructor")) as lead:
        casework.ask_department(actor=lead, case=case, unit=zone.department, text="示例")
    with acting(zone.actor("department_officer")):
        assert Case.objects.filter(pk=case.pk).exists()
        far = zone.other_district
        assert refused(SHARE, case.pk, far.pk, case.path, far.path)
        assert refused("UPDATE casework_share SET unit_id = %s, unit_path = %s", far.pk, far.path)


def test_nobody_changes_what_a_superior_keeps(zone: Zone) -> None:
    register = registers.install(actor=SYSTEM, unit=zone.zone, key="families")
    with acting(zone.actor("office")) as office:
        round_ = registers.open_round(
            actor=office, register=register, unit=zone.zone, name="2022年度"
        )
    with acting(zone.actor("liaison")) as liaison:
        registers.nominate(
            actor=liaison, round_=round_, unit=zone.enterprise, name="示例赵家", reason="示例"
        )
        for table in ("register", "column", "round", "candidacy"):
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT count(*) FROM registers_{table}")
                assert cursor.fetchone() != (0,), table
            assert refused(f"UPDATE registers_{table} SET path = path"), table
            assert refused(f"DELETE FROM registers_{table}"), table
        assert refused("UPDATE registers_register SET unit_id = %s", zone.enterprise.pk)
        assert refused(
            'INSERT INTO registers_column SELECT (jsonb_populate_record(c, \'{"key": "mine"}\''
            " || jsonb_build_object('id', -1))).* FROM registers_column AS c LIMIT 1"
        )


def test_a_notice_is_not_turned_on_somebody_else(zone: Zone) -> None:
    Notice.objects.create(account=zone.accounts["liaison"], key="示例", text="示例")
    other = zone.accounts["office"].pk
    with acting(zone.actor("liaison")):
        assert Notice.objects.update(text="示例二") == 1
        assert refused("UPDATE notices_notice SET account_id = %s", other)
    with acting(zone.actor("instructor")):
        assert refused("UPDATE notices_notice SET text = 'x'")
        assert refused("DELETE FROM notices_notice")
