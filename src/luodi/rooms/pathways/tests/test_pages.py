"""A branch secretary takes an applicant from the application to full membership, page by page."""

from __future__ import annotations

from typing import Any

from luodi.ground.scope.api import acting
from luodi.rooms.directory.api import Membership
from luodi.rooms.pathways.models import Fact, Journey
from luodi.rooms.pathways.tests.conftest import DAYS, ROLES


def said(place: Any, step: str) -> dict[str, Any]:
    """What is typed into a step's form."""
    values = place.usual(step)
    for name in ("first", "second"):
        if name in values:
            values[name] = values[name].name
    return {"on": DAYS[step].isoformat(), "outcome": "passed", **values}


def test_the_whole_way_on_pages_and_its_paper(place: Any) -> None:
    clients = {
        role: place.zone.client(role) for role in ("branch_secretary", "office", "county_officer")
    }
    secretary = clients["branch_secretary"]
    begun = secretary.post(
        "/pathways/new/",
        {
            "person": place.applicant.name, "branch": place.branch.unit.name,
            "on": DAYS["apply"].isoformat(), "paper": "申请书，存支部",
        },
    )  # fmt: skip
    assert begun.status_code == 302, begun.content.decode()[-3000:]
    home = begun["Location"]
    early = secretary.post(f"{home}steps/choose/", said(place, "choose") | {"on": "2021-02-01"})
    assert early.status_code == 422 and "还没有完成“党组织派人谈话”" in early.content.decode()
    for step in DAYS:
        if step == "apply":
            continue
        client = clients[ROLES.get(step, "branch_secretary")]
        page = client.post(f"{home}steps/{step}/", said(place, step))
        assert page.status_code == 302, (step, page.content.decode()[-3000:])
    page = secretary.get(home).content.decode()
    assert "2023-05-10" in page and "已转为正式党员并归档" in page
    paper = secretary.get(f"{home}file/?format=print").content.decode()
    assert all(day.isoformat() in paper for day in DAYS.values())
    assert "申请书，存支部" in paper
    held = Membership.objects.known().filter(person=place.applicant).order_by("valid")
    assert [row.stage for row in held][-1] == "formal"


def test_papers_are_for_who_handles_the_step(place: Any) -> None:
    journey = place.begin()
    place.walk(journey, "talk")
    with acting(place.zone.actor("office")):
        Fact.objects.filter(journey=journey, step="talk").update(note="只给经办人看")
    page = f"/pathways/{journey.pk}/"
    for role, sees in (("branch_secretary", True), ("office", True), ("county_officer", False)):
        answer = place.zone.client(role).get(page)
        assert answer.status_code == 200
        assert ("只给经办人看" in answer.content.decode()) is sees
    assert place.zone.client("liaison").get(page).status_code in {403, 404}


def test_rolls_and_the_table_of_people_and_stages(place: Any) -> None:
    journey = place.begin()
    place.walk(journey, "contacts")
    client = place.zone.client("branch_secretary")
    assert place.applicant.name in client.get("/pathways/").content.decode()
    roll = client.get("/pathways/rolls/activists/?format=print").content.decode()
    assert place.applicant.name in roll and place.members[0].name in roll
    assert client.get("/pathways/rolls/activists/?format=xlsx").status_code == 200
    assert client.get("/pathways/rolls/nothing/").status_code == 404
    assert "培养教育考察" in client.get("/pathways/?stage=activist").content.decode()
    assert Journey.objects.count() == 1
