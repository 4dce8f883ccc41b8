"""REST calls the same verbs, shows the same rows, and keeps the same values masked."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.test import Client

from luodi.ground.scope import api as scope
from luodi.ground.scope.api import SYSTEM
from luodi.lib.codes import example_identity, example_uscc
from luodi.rooms.directory.api import Enterprise, Membership, Person, Post

SINCE = dt.date(2020, 12, 1)


class Rest:
    """A caller with a token of a service account that holds one role."""

    def __init__(self, directory, role: str) -> None:
        zone = directory.zone
        unit = {"office": zone.zone, "instructor": zone.district, "liaison": zone.enterprise}[role]
        account = scope.create_account(
            actor=SYSTEM, username=f"rest-{role}", name="示例系统", is_service=True
        )
        scope.grant_role(actor=SYSTEM, account=account, unit=unit, role=role, since=SINCE)
        expires_on = scope.today() + dt.timedelta(days=9)
        _token, secret = scope.issue_token(
            actor=SYSTEM, account=account, name="示例", expires_on=expires_on
        )
        self.client, self.headers = Client(), {"Authorization": f"Bearer {secret}"}

    def __call__(self, method: str, path: str, **body: object) -> tuple[int, object]:
        answer = self.client.generic(
            method, f"/api/v1{path}", json.dumps(body), "application/json", headers=self.headers
        )
        return answer.status_code, json.loads(answer.content)


@pytest.fixture
def office(directory) -> Rest:
    return Rest(directory, "office")


def test_an_enterprise_is_added_read_and_changed(directory, office) -> None:
    new = {
        "district_id": directory.zone.district.pk,
        "name": "示例丁公司",
        "code": example_uscc(77),
    }
    status, made = office("POST", "/enterprises", **new)
    assert status == 201
    path = f"/enterprises/{made['id']}"
    assert office("GET", path)[1]["name"] == "示例丁公司"
    status, changed = office("PATCH", path, version=1, above_size=True, name="示例戊公司")
    assert (status, changed["above_size"], changed["name"]) == (200, True, "示例戊公司")
    status, stale = office("PATCH", path, version=1, address="示例路")
    assert (status, stale["theirs"]["version"]) == (409, "2")
    status, refused = office("POST", "/enterprises", **{**new, "name": "示例己公司"})
    assert (status, refused["field"]) == (422, "code")
    assert [one["name"] for one in office("GET", "/enterprises?q=戊")[1]["items"]] == ["示例戊公司"]
    first = office("GET", "/enterprises?limit=1")[1]
    assert len(office("GET", f"/enterprises?limit=1&cursor={first['next']}")[1]["items"]) == 1


def test_a_person_from_entering_to_retiring(directory, office) -> None:
    number = example_identity(5, dt.date(1988, 8, 8))
    unit = directory.enterprise.unit_id
    status, made = office(
        "POST", "/people", unit_id=unit, name="示例赵六", identity=number, phone="13800001111"
    )
    assert (status, made["phone_masked"], made["born_on"]) == (201, "138****1111", "1988-08-08")
    assert number not in json.dumps(made)
    path = f"/people/{made['id']}"
    status, tie = office(
        "POST", f"{path}/memberships", branch_id=directory.branch.pk, stage="candidate",
        since="2022-01-01",
    )  # fmt: skip
    assert status == 201
    status, tie = office("POST", f"/memberships/{tie['id']}/advance", on="2022-06-01")
    assert tie["stage"] == "probationary"
    status, tie = office(
        "POST", f"/memberships/{tie['id']}/transfer", on="2022-07-01", branch_id=directory.joint.pk
    )
    assert tie["branch_id"] == directory.joint.pk
    post = {"unit_id": directory.joint.unit_id, "kind": "branch_member", "since": "2022-07-01"}
    status, held = office("POST", f"{path}/posts", **post)
    assert office("POST", f"/posts/{held['id']}/end", on="2022-09-01")[1]["until"] == "2022-09-01"
    assert office("POST", f"/memberships/{tie['id']}/end", on="2022-10-01")[0] == 200
    whole = office("GET", path)[1]
    assert [one["stage"] for one in whole["memberships"]] == ["candidate", *["probationary"] * 2]
    assert len(whole["posts"]) == 1
    assert (Membership.objects.known().count(), Post.objects.known().count()) == (3, 1)


def test_branches_are_founded_and_remarked_on(directory, office) -> None:
    status, made = office(
        "POST", "/branches", parent_id=directory.zone.district.pk, name="示例联合二支部",
        type="joint", founded_on="2022-01-01", spans=[directory.enterprise.pk],
    )  # fmt: skip
    assert status == 201
    assert office("GET", f"/branches/{made['id']}")[1]["type"] == "joint"
    remarks = office("GET", f"/branches/{directory.branch.pk}/remarks")[1]["items"]
    assert {"minimum_members", "term"} <= {one["rule"] for one in remarks}
    assert len(office("GET", "/branches?type=joint")[1]["items"]) == 2


def test_a_token_reaches_no_further_than_its_role(directory) -> None:
    directory.person(3, unit=directory.zone.elsewhere, name="示例外区人")
    mine = directory.person(4)
    instructor, liaison = Rest(directory, "instructor"), Rest(directory, "liaison")
    assert [one["id"] for one in instructor("GET", "/people")[1]["items"]] == [mine.pk]
    other = Person.objects.get(name="示例外区人").pk
    assert instructor("GET", f"/people/{other}")[0] == 404
    assert liaison("GET", "/people")[0] == 403
    assert liaison("GET", "/enterprises")[1]["items"] == []  # its unit has no file in this test
    assert Client().get("/api/v1/people").status_code == 401
    new = {"district_id": directory.zone.other_district.pk, "name": "示例", "code": example_uscc(8)}
    assert instructor("POST", "/enterprises", **new)[0] == 403
    assert Enterprise.objects.count() == 2


@pytest.mark.parametrize(
    "body",
    [
        {"name": "示例\x00", "unit_id": 1},
        {"name": "示例", "unit_id": 2**62},
        {"name": "示例", "unit_id": 1, "born_on": "2999-01-01"},
        {"name": "", "unit_id": 1},
        {"name": "示例", "unit_id": 1, "identity": "x" * 29},
    ],
)
def test_bad_values_are_refused_in_a_sentence(directory, office, body) -> None:
    if body["unit_id"] == 1:
        body = {**body, "unit_id": directory.enterprise.unit_id}
    status, answer = office("POST", "/people", **body)
    assert status in {404, 422}
    assert answer["detail"]
