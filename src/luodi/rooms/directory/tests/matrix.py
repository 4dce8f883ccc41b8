"""What the tests that try every address know of directory."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.expect import (
    ALL,
    ENTERPRISES,
    FOUNDED,
    PEOPLE,
    SEES,
    Ids,
    Operation,
    Page,
    anyone,
    holders,
    of_rows,
    on,
    reading,
)
from tests.zone import Zone

from luodi.ground.scope.api import SYSTEM, Unit
from luodi.lib.codes import example_identity, example_uscc
from luodi.rooms.directory import api as directory
from luodi.rooms.directory.models import BranchType, Enterprise, PostKind, Stage
from luodi.rooms.directory.rules import RULES

PAGES: dict[str, Page] = {
    "directory:enterprises": anyone(),
    "directory:add_enterprise": holders("office", "instructor"),
    "directory:enterprise": of_rows(SEES),
    "directory:change_enterprise": of_rows(ENTERPRISES),
    "directory:lead": of_rows(ENTERPRISES),
    "directory:branches": anyone(),
    "directory:found_branch": holders("office"),
    "directory:branch": of_rows(SEES),
    "directory:reorganise_branch": of_rows(frozenset({"office"})),
    "directory:term": of_rows(frozenset({"office"})),
    "directory:span": of_rows(frozenset({"office"})),
    "directory:dissolve_branch": of_rows(frozenset({"office"})),
    "directory:override": of_rows(frozenset({"office"})),
    "directory:end_override": of_rows(frozenset({"office"})),
    "directory:end_span": of_rows(frozenset({"office"})),
    "directory:people": holders(*PEOPLE, "part_time_member"),
    "directory:add_person": holders(*PEOPLE),
    "directory:person": of_rows(PEOPLE),
    "directory:change_person": of_rows(PEOPLE),
    "directory:reveal": of_rows(frozenset({"office"})),
    "directory:export_person": of_rows(frozenset({"office"})),
    "directory:erase_person": of_rows(PEOPLE),
    "directory:join": of_rows(PEOPLE),
    "directory:appoint": of_rows(PEOPLE),
    "directory:advance": of_rows(PEOPLE),
    "directory:transfer": of_rows(PEOPLE),
    "directory:end_membership": of_rows(PEOPLE),
    "directory:correct_membership": of_rows(PEOPLE),
    "directory:end_post": of_rows(PEOPLE),
    "directory:correct_post": of_rows(PEOPLE),
    "directory:privacy": anyone(),
    "directory:export": holders("office"),
    "directory:close_enterprise": of_rows(ENTERPRISES),
}


def person(ids: Ids) -> Any:
    identity = example_identity(90, dt.date(1990, 1, 1))
    return {"unit_id": ids["unit"], "name": "示例钱", "identity": identity}


def branch(ids: Ids) -> Any:
    return {
        "parent_id": ids["unit"],
        "name": "示例新党支部",
        "type": "branch",
        "founded_on": "2024-01-01",
    }


def enterprise(ids: Ids) -> Any:
    return {"district_id": ids["district"], "name": "示例丁公司", "code": example_uscc(77)}


OPERATIONS: dict[str, Operation] = {
    "GET /enterprises": reading(ALL),
    "GET /enterprises/{pk}": reading(SEES, "enterprise"),
    "GET /branches": reading(ALL),
    "GET /branches/{pk}": reading(SEES, "branch"),
    "GET /branches/{pk}/remarks": reading(SEES, "branch"),
    "GET /people": reading(PEOPLE | {"part_time_member"}),
    "GET /people/{pk}": reading(PEOPLE, "person"),
    "POST /enterprises": Operation(ENTERPRISES, enterprise),
    "PATCH /enterprises/{pk}": Operation(
        ENTERPRISES, lambda ids: {"address": "示例路"}, "enterprise"
    ),
    "POST /branches": Operation(frozenset({"office"}), branch),
    "POST /people": Operation(PEOPLE, person),
    "PATCH /people/{pk}": Operation(PEOPLE, lambda ids: {"name": "示例孙"}, "person"),
    "POST /people/{pk}/memberships": Operation(
        PEOPLE,
        lambda ids: {"branch_id": ids["branch"], "stage": "activist", "since": "2024-01-01"},
        "stranger",
    ),
    "POST /memberships/{pk}/advance": Operation(PEOPLE, on, "membership"),
    "POST /memberships/{pk}/transfer": Operation(
        PEOPLE,
        lambda ids: {"branch_id": ids["second_branch"], "on": "2024-01-01"},
        "membership",
    ),
    "POST /memberships/{pk}/end": Operation(PEOPLE, on, "membership"),
    "POST /people/{pk}/posts": Operation(
        PEOPLE,
        lambda ids: {
            "unit_id": ids["branch_unit"],
            "kind": "branch_member",
            "since": "2024-01-01",
        },
        "person",
    ),
    "POST /posts/{pk}/end": Operation(PEOPLE, on, "post"),
}
MEANINGS: dict[tuple[str, str], str] = {
    ("directory:change_enterprise", "pk"): "enterprise",
    ("directory:enterprise", "pk"): "enterprise",
    ("directory:close_enterprise", "pk"): "enterprise",
    ("directory:lead", "pk"): "enterprise",
    ("directory:branch", "pk"): "branch",
    ("directory:reorganise_branch", "pk"): "branch",
    ("directory:dissolve_branch", "pk"): "branch",
    ("directory:term", "pk"): "branch",
    ("directory:span", "pk"): "branch",
    ("directory:override", "pk"): "branch",
    ("directory:end_override", "pk"): "override",
    ("directory:end_span", "pk"): "span",
    ("directory:advance", "pk"): "membership",
    ("directory:transfer", "pk"): "membership",
    ("directory:end_membership", "pk"): "membership",
    ("directory:correct_membership", "pk"): "membership",
    ("directory:end_post", "pk"): "post",
    ("directory:correct_post", "pk"): "post",
    ("directory:", "pk"): "person",
}
NUMBERS: dict[str, str] = {
    "directory:branch": "rules beside the list of members that they count",
    "directory:privacy": "the terms of keeping data",
}


def things(zone: Zone, unit: Unit, number: int) -> Ids:
    """An enterprise with branches, people with what is dated of them."""
    enterprise = Enterprise.objects.create(unit=unit, code=example_uscc(40 + number))
    branch = directory.found_branch(
        actor=SYSTEM,
        parent=unit,
        name=f"示例党支部{number}",
        type=BranchType.BRANCH,
        founded_on=FOUNDED,
    )
    second = directory.found_branch(
        actor=SYSTEM,
        parent=unit,
        name=f"示例第二党支部{number}",
        type=BranchType.BRANCH,
        founded_on=FOUNDED,
    )
    joint = directory.found_branch(
        actor=SYSTEM,
        parent=Unit.objects.get(pk=unit.parent_id),
        name=f"示例联合党支部{number}",
        type=BranchType.JOINT,
        founded_on=FOUNDED,
        spans=[enterprise],
    )
    born_on = dt.date(1980, 1, 1 + number)
    person = directory.add_person(
        actor=SYSTEM,
        unit=unit,
        name=f"示例赵{number}",
        born_on=born_on,
        identity=example_identity(50 + number, born_on),
        phone=f"1380000000{number}",
    )
    membership = directory.start_membership(
        actor=SYSTEM, person=person, branch=branch, stage=Stage.ACTIVIST, since=FOUNDED
    )
    post = directory.appoint(
        actor=SYSTEM,
        person=person,
        unit=branch.unit,
        kind=PostKind.BRANCH_SECRETARY,
        since=FOUNDED,
    )
    stranger = directory.add_person(actor=SYSTEM, unit=unit, name=f"示例周{number}")
    override = directory.override_rule(
        actor=SYSTEM, branch=branch, rule=next(iter(RULES)), reason="示例"
    )
    return {
        "enterprise": enterprise.pk,
        "branch": branch.pk,
        "branch_unit": branch.unit_id,
        "second_branch": second.pk,
        "span": joint.spans.get().pk,
        "person": person.pk,
        "stranger": stranger.pk,
        "membership": membership.pk,
        "post": post.pk,
        "override": override.pk,
    }
