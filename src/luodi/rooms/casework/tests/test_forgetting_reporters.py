"""Who reported a problem is forgotten when its time has run out; the case stays."""

import datetime as dt

import pytest
from django.utils import timezone
from tests.casework_pages import raised
from tests.zone import Zone

from luodi.ground.audit.models import Entry
from luodi.ground.scope.api import SYSTEM, acting
from luodi.lib.errors import NotAllowed, UserError
from luodi.rooms.casework import api as casework
from luodi.rooms.casework.models import Case

pytestmark = pytest.mark.django_db


def ended(zone: Zone, years: int) -> Case:
    """A case of somebody named 贾示例 that ended so many years ago."""
    at = timezone.now() - dt.timedelta(days=366 * years)
    with acting(zone.actor("instructor")) as actor:
        case = casework.raise_on_behalf(
            actor=actor,
            unit=zone.enterprise,
            text="示例：围墙外的电缆要改道",
            reporter_name="贾示例",
            reporter_phone="13800001234",
            at=at - dt.timedelta(days=3),
        )
    end = {"closed_at": at, "outcome": "solved", "state": "confirmed", "waits_on": ""}
    Case.objects.filter(pk=case.pk).update(**end, waiting_unit=None, waiting_account=None)
    return Case.objects.get(pk=case.pk)


def test_name_and_number_go_and_the_case_stays(zone: Zone) -> None:
    case = ended(zone, 4)
    with acting(zone.actor("office")) as office:
        assert list(Case.objects.all().search("贾示例")) == [case]
        forgotten = casework.forget_reporter(actor=office, case=case, why="期满")
        assert (forgotten.reporter_name, forgotten.reporter_phone) == ("（已清除）", "")
        assert not Case.objects.all().search("贾示例")
        assert list(Case.objects.all().search("电缆")) == [case]


def test_not_before_its_time_nor_without_a_reason_nor_by_anybody(zone: Zone) -> None:
    early, late = ended(zone, 1), ended(zone, 4)
    with acting(zone.actor("office")) as office:
        with pytest.raises(UserError, match="保存期未满"):
            casework.forget_reporter(actor=office, case=early, why="期满")
        with pytest.raises(UserError, match="理由"):
            casework.forget_reporter(actor=office, case=late, why=" ")
        with pytest.raises(UserError, match="还没有办结"):
            casework.forget_reporter(actor=office, case=raised(zone), why="期满")
    with acting(zone.actor("liaison")) as liaison, pytest.raises(NotAllowed):
        casework.forget_reporter(actor=liaison, case=early, why="期满")


def test_the_trail_never_held_the_name(zone: Zone) -> None:
    case = ended(zone, 4)
    with acting(SYSTEM):
        entries = Entry.objects.filter(subject="casework_case", subject_id=str(case.pk))
        assert entries
        assert not [one for one in entries if "贾示例" in str(one.changes)]


def test_the_page_offers_it_when_the_time_has_come(zone: Zone) -> None:
    early, late = ended(zone, 1), ended(zone, 4)
    office = zone.client("office")
    link = "/forget/"
    assert link not in office.get(f"/cases/{early.code}/").content.decode()
    assert link in office.get(f"/cases/{late.code}/").content.decode()
    assert office.post(f"/cases/{late.code}/forget/", {"why": ""}).status_code == 422
    assert office.post(f"/cases/{late.code}/forget/", {"why": "期满"}).status_code == 302
    assert "（已清除）" in office.get(f"/cases/{late.code}/").content.decode()
