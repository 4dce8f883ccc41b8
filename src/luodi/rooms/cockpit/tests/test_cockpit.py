"""The cockpit: its numbers are the figures', its week is told from rows, nobody sees more than theirs."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache
from tests.zone import Zone

from luodi.ground.figures.api import figure, read
from luodi.ground.notices.api import Notice
from luodi.ground.scope.api import SYSTEM, acting, today
from luodi.lib.errors import NotAllowed, UserError
from luodi.rooms.casework import api as casework
from luodi.rooms.cockpit import api
from luodi.rooms.cockpit.models import Morning
from luodi.rooms.cockpit.tasks import send_mornings


@pytest.fixture(autouse=True)
def forgotten(db: None) -> None:
    cache.clear()


def raised(zone: Zone, days_ago: int) -> None:
    at = dt.datetime.combine(today(), dt.time(9), dt.UTC) - dt.timedelta(days=days_ago)
    casework.raise_problem(actor=SYSTEM, unit=zone.enterprise, text="示例：停电。", at=at)


def test_a_board_says_what_its_figures_say(zone: Zone) -> None:
    office = zone.actor("office")
    raised(zone, 3)
    board = api.board_of(actor=office, unit=zone.zone, on=today())
    assert {one.key for one in board.tiles} >= {"casework.open", "directory.members"}
    for tile in board.tiles:
        since = today().replace(month=1, day=1) if figure(tile.key).time == "period" else None
        found = read(actor=office, key=tile.key, unit=zone.zone, until=today(), since=since)
        assert tile.text == found.text
    [opened] = [one for one in board.moved if one.key == "casework.open"]
    assert opened.change == "+1个" and "before=" in opened.moved
    # kept for the next reader, until it is asked for anew
    raised(zone, 1)
    assert api.board_of(actor=office, unit=zone.zone, on=today()).at == board.at
    fresh = api.board_of(actor=office, unit=zone.zone, on=today(), fresh=True)
    assert [one.change for one in fresh.moved if one.key == "casework.open"] == ["+2个"]


def test_which_rows_moved_it(zone: Zone) -> None:
    raised(zone, 30)
    raised(zone, 2)
    page = zone.client("office").get(
        f"/figures/casework.open/?unit={zone.zone.pk}&until={today()}"
        f"&before={today() - dt.timedelta(days=7)}"
    )
    text = page.content.decode()
    moved = text.split('id="moved"')[1].split("</section>")[0]
    assert moved.count("增加") == 1 and "WT" in moved
    wrong = zone.client("office").get(
        f"/figures/casework.open/?unit={zone.zone.pk}&until={today()}&before=2199-01-01"
    )
    assert "请选一个更早的日期" in wrong.content.decode()


def test_a_unit_chooses(zone: Zone) -> None:
    office = zone.actor("office")
    api.choose_figures(actor=office, unit=zone.zone, figures_of=["casework.open"] * 2)
    assert api.chosen_of(zone.zone) == ["casework.open"]
    with pytest.raises(UserError, match="nothing"):
        api.choose_figures(actor=office, unit=zone.zone, figures_of=["nothing.here"])
    with pytest.raises(UserError, match="80"):
        api.choose_figures(actor=office, unit=zone.zone, figures_of=[str(n) for n in range(81)])
    with pytest.raises(NotAllowed):
        api.choose_figures(actor=zone.actor("instructor"), unit=zone.zone, figures_of=[])


def test_the_page_on_any_day_and_on_a_wall(zone: Zone) -> None:
    client = zone.client("secretary")
    raised(zone, 2)
    assert "今天要决定的" in client.get("/cockpit/").content.decode()
    past = client.get("/cockpit/?on=2022-12-22").content.decode()
    assert "今天要决定的" not in past and "2022-12-22" in past
    for wrong in ("2022-13-01", "2199-01-01", "x"):
        assert 'role="alert"' in client.get(f"/cockpit/?on={wrong}").content.decode()
    assert "data-wall" in client.get("/cockpit/?wall=1").content.decode()
    assert client.get("/cockpit/?unit=987654").status_code == 404


def test_the_morning_goes_to_who_wants_it(zone: Zone) -> None:
    office = zone.actor("office")
    raised(zone, 2)
    api.want_mornings(actor=office, unit=zone.zone, wanted=True)
    working = dt.date(2026, 11, 30)  # a Monday
    with acting(SYSTEM):
        assert send_mornings(working - dt.timedelta(days=1)) == 0
        assert send_mornings(working) == 1
        assert send_mornings(working) == 1  # again, and nobody is told twice
        [told] = Notice.objects.filter(key=f"cockpit:{working}")
    assert told.account_id == office.account_id
    api.want_mornings(actor=office, unit=zone.zone, wanted=False)
    assert not Morning.objects.exists()
    with pytest.raises(NotAllowed):
        api.want_mornings(actor=zone.actor("liaison"), unit=zone.zone, wanted=True)
