"""The verbs: what they write, what they refuse, and in which words."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from luodi.ground.audit.api import Entry
from luodi.ground.scope.api import SYSTEM, Unit, acting, move_unit
from luodi.lib.codes import example_identity, example_uscc
from luodi.lib.errors import NotAllowed, Stale, UserError
from luodi.rooms.directory import api
from luodi.rooms.directory.api import (
    Branch,
    BranchType,
    Enterprise,
    Membership,
    Person,
    Post,
    PostKind,
    Stage,
)

DAY = dt.date(2022, 1, 1)


def test_an_enterprise_takes_its_districts_chain(directory) -> None:
    assert directory.enterprise.chain.name == "示例新材料"
    assert directory.enterprise.unit.path.startswith(directory.zone.district.path)


def test_a_credit_code_is_used_once_and_checked(directory) -> None:
    def again(code: str) -> None:
        api.add_enterprise(
            actor=SYSTEM, parent=directory.zone.district, name="示例丁公司", code=code
        )

    with pytest.raises(UserError, match="已登记") as refused:
        again(directory.enterprise.code)
    assert refused.value.field == "code"
    right = example_uscc(9)
    with pytest.raises(UserError, match="校验码"):
        again(right[:-1] + ("A" if right[-1] != "A" else "B"))


def test_an_instructor_enters_enterprises_of_the_own_district_only(directory) -> None:
    instructor = directory.zone.actor("instructor")
    with acting(instructor):
        added = api.add_enterprise(
            actor=instructor,
            parent=directory.zone.district,
            name="示例戊公司",
            code=example_uscc(5),
        )
        assert Enterprise.objects.filter(pk=added.pk).exists()
        with pytest.raises(NotAllowed):
            api.add_enterprise(
                actor=instructor,
                parent=directory.zone.other_district,
                name="示例己公司",
                code=example_uscc(6),
            )


def test_a_stale_page_is_told_what_it_is_now(directory) -> None:
    one = directory.enterprise
    api.change_enterprise(actor=SYSTEM, enterprise=one, version=1, address="示例路1号")
    with pytest.raises(Stale) as stale:
        api.change_enterprise(actor=SYSTEM, enterprise=one, version=1, address="示例路2号")
    assert stale.value.theirs["address"] == "示例路1号"
    assert stale.value.theirs["version"] == 2


def test_identity_gives_birth_and_sex_and_is_kept_sealed(directory) -> None:
    number = example_identity(7, dt.date(1979, 5, 6))
    person = directory.person(1, identity=number)
    assert (person.born_on, person.sex) == (dt.date(1979, 5, 6), "male")
    assert person.identity_masked == number[:3] + "*" * 11 + number[-4:]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT directory_person::text FROM directory_person WHERE id=%s", [person.pk]
        )
        assert number not in cursor.fetchone()[0]
    assert not Entry.objects.filter(changes__icontains=number).exists()
    with pytest.raises(UserError, match="已登记"):
        directory.person(2, identity=number)
    with pytest.raises(UserError, match="不一致"):
        api.change_person(actor=SYSTEM, person=person, born_on=DAY, identity=number)


def test_names_are_not_in_the_trail(directory) -> None:
    person = directory.person(3, name="示例欧阳海")
    entry = Entry.objects.get(subject="directory_person", subject_id=str(person.pk))
    assert entry.changes["name"] == ["●", "●"]


def test_the_path_of_membership(directory) -> None:
    person = directory.person(4)
    row = api.start_membership(
        actor=SYSTEM, person=person, branch=directory.branch, stage=Stage.CANDIDATE, since=DAY
    )
    assert not api.members(directory.zone.zone, DAY).exists()
    row = api.advance_membership(actor=SYSTEM, membership=row, on=dt.date(2022, 6, 1))
    row = api.advance_membership(actor=SYSTEM, membership=row, on=dt.date(2023, 6, 1))
    assert row.stage == Stage.FORMAL
    with pytest.raises(UserError, match="没有下一阶段"):
        api.advance_membership(actor=SYSTEM, membership=row, on=dt.date(2024, 6, 1))
    with pytest.raises(UserError, match="已属于"):
        api.start_membership(
            actor=SYSTEM, person=person, branch=directory.joint, stage=Stage.FORMAL, since=DAY
        )
    moved = api.transfer(
        actor=SYSTEM, membership=row, branch=directory.joint, on=dt.date(2023, 9, 1)
    )
    person.refresh_from_db()
    assert person.unit == directory.joint.unit
    api.end_membership(actor=SYSTEM, membership=moved, on=dt.date(2024, 1, 1))
    assert api.members(directory.zone.zone, dt.date(2023, 12, 31)).count() == 1
    assert api.members(directory.zone.zone, dt.date(2024, 1, 1)).count() == 0


def test_a_replaced_row_cannot_be_changed_again(directory) -> None:
    row = api.start_membership(
        actor=SYSTEM,
        person=directory.person(5),
        branch=directory.branch,
        stage=Stage.FORMAL,
        since=DAY,
    )
    api.correct_membership(actor=SYSTEM, membership=row, since=dt.date(2022, 2, 1))
    with pytest.raises(Stale):
        api.end_membership(actor=SYSTEM, membership=row, on=dt.date(2023, 1, 1))


def test_nobody_joins_what_is_not_there(directory) -> None:
    with pytest.raises(UserError, match="还未成立或已撤销"):
        api.start_membership(
            actor=SYSTEM,
            person=directory.person(6),
            branch=directory.branch,
            stage=Stage.FORMAL,
            since=dt.date(2020, 1, 1),
        )


def test_a_part_time_member_is_secretary_of_an_enterprises_branch(directory) -> None:
    person, zone = directory.person(7), directory.zone.zone

    def invite() -> None:
        api.appoint(
            actor=SYSTEM, person=person, unit=zone, kind=PostKind.PART_TIME_MEMBER, since=DAY
        )

    with pytest.raises(UserError, match="书记"):
        invite()
    api.appoint(
        actor=SYSTEM,
        person=person,
        unit=directory.branch.unit,
        kind=PostKind.BRANCH_SECRETARY,
        since=DAY,
    )
    invite()
    assert list(api.part_time_members(zone, DAY)) == [person]
    assert not api.leading_group(zone, DAY).exists()


def test_posts_stand_where_they_can(directory) -> None:
    with pytest.raises(UserError, match="不能设"):
        api.appoint(
            actor=SYSTEM,
            person=directory.person(8),
            unit=directory.enterprise.unit,
            kind=PostKind.SECRETARY,
            since=DAY,
        )


def test_only_the_office_gives_committee_posts(directory) -> None:
    secretary = directory.zone.actor("branch_secretary")
    with pytest.raises(NotAllowed):
        api.appoint(
            actor=secretary,
            person=directory.person(9),
            unit=directory.zone.zone,
            kind=PostKind.MEMBER,
            since=DAY,
        )


def test_a_branch_with_members_is_not_dissolved(directory) -> None:
    row = api.start_membership(
        actor=SYSTEM,
        person=directory.person(10),
        branch=directory.joint,
        stage=Stage.FORMAL,
        since=DAY,
    )
    with pytest.raises(UserError, match="1名"):
        api.dissolve_branch(actor=SYSTEM, branch=directory.joint, on=dt.date(2023, 1, 1))
    api.end_membership(actor=SYSTEM, membership=row, on=dt.date(2023, 1, 1))
    api.dissolve_branch(actor=SYSTEM, branch=directory.joint, on=dt.date(2023, 1, 1))
    zone = directory.zone.zone
    assert api.guided_enterprises(zone, dt.date(2022, 12, 31)).count() == 2
    assert api.guided_enterprises(zone, dt.date(2023, 1, 1)).count() == 0
    assert api.branches(zone, dt.date(2023, 1, 1)).count() == 1


def test_a_branch_becomes_a_general_branch(directory) -> None:
    zone = directory.zone.zone
    day = dt.date(2022, 7, 1)
    before = dt.datetime.now(dt.UTC)
    api.reorganise_branch(actor=SYSTEM, branch=directory.branch, type=BranchType.GENERAL, on=day)
    general = [BranchType.GENERAL]
    assert api.branches(zone, day, general).count() == 1
    assert api.branches(zone, day - dt.timedelta(days=1), general).count() == 0
    assert api.branches(zone, day, general, known_at=before).count() == 0


def test_the_leading_enterprise_changes_hands(directory) -> None:
    district, zone = directory.zone.district, directory.zone
    api.set_leading_enterprise(
        actor=SYSTEM, district=district, enterprise=directory.enterprise, since=DAY
    )
    later = dt.date(2023, 1, 1)
    api.set_leading_enterprise(
        actor=SYSTEM, district=district, enterprise=directory.neighbour, since=later
    )
    assert api.leading_enterprise(district, DAY) == directory.enterprise
    assert api.leading_enterprise(district, later) == directory.neighbour
    with pytest.raises(UserError, match="本党建区"):
        api.set_leading_enterprise(
            actor=SYSTEM, district=zone.other_district, enterprise=directory.enterprise, since=DAY
        )


def test_levels_are_counted_from_rows(directory) -> None:
    zone = directory.zone.zone
    assert [level.key for level in api.levels(zone, DAY)] == ["instructor", "branch"]
    person = directory.person(11, unit=zone)
    api.appoint(actor=SYSTEM, person=person, unit=zone, kind=PostKind.SECRETARY, since=DAY)
    assert [level.key for level in api.levels(zone, DAY)] == ["committee", "instructor", "branch"]


def test_a_masked_value_is_opened_with_a_reason_and_leaves_a_trace(directory) -> None:
    number = example_identity(12, dt.date(1990, 1, 1))
    person = directory.person(12, identity=number)
    office = directory.zone.actor("office")
    with pytest.raises(UserError, match="理由"):
        api.reveal(actor=office, person=person, field="identity", reason=" ")
    shown = api.reveal(actor=office, person=person, field="identity", reason="核对转接介绍信")
    assert shown == number
    entry = Entry.objects.filter(action="reveal").latest("id")
    assert entry.changes["reason"] == [None, "核对转接介绍信"]
    with pytest.raises(NotAllowed):
        api.reveal(
            actor=directory.zone.actor("liaison"), person=person, field="identity", reason="x"
        )


def test_erasing_keeps_the_counts(directory) -> None:
    person = directory.person(13)
    row = api.start_membership(
        actor=SYSTEM, person=person, branch=directory.branch, stage=Stage.FORMAL, since=DAY
    )
    with pytest.raises(UserError, match="未结束"):
        api.erase_person(actor=SYSTEM, person=person, reason="本人申请")
    left = api.end_membership(actor=SYSTEM, membership=row, on=dt.date(2022, 3, 1))
    api.erase_person(actor=SYSTEM, person=person, reason="本人申请")
    person = Person.objects.get(pk=person.pk)
    assert (person.name, person.identity_hash, person.born_on) == ("（已清除）", None, None)
    assert api.members(directory.zone.zone, DAY).count() == 1
    with pytest.raises(UserError, match="按期清除"):
        api.change_person(actor=SYSTEM, person=person, name="示例")
    assert left.until == dt.date(2022, 3, 1)


def test_erasing_waits_for_its_time(directory) -> None:
    person = directory.person(14)
    api.appoint(
        actor=SYSTEM,
        person=person,
        unit=directory.enterprise.unit,
        kind=PostKind.MANAGER,
        since=DAY,
        until=dt.date(2199, 1, 1),
    )
    with pytest.raises(UserError, match="2202-01-01"):
        api.erase_person(actor=SYSTEM, person=person, reason="本人申请")


def test_a_copy_of_everything_about_a_person(directory) -> None:
    number = example_identity(15, dt.date(1991, 2, 3))
    person = directory.person(15, identity=number, phone="13800000000")
    api.start_membership(
        actor=SYSTEM, person=person, branch=directory.branch, stage=Stage.ACTIVIST, since=DAY
    )
    copy = api.export_person(actor=SYSTEM, person=person, reason="本人查询")
    assert copy["person"]["identity"] == number
    assert copy["memberships"][0]["from"] == DAY
    assert any(row["field"] == "身份证号" for row in copy["purposes"])


def test_everything_moves_with_its_enterprise(directory) -> None:
    zone = directory.zone
    person = directory.person(16)
    api.start_membership(
        actor=SYSTEM, person=person, branch=directory.branch, stage=Stage.FORMAL, since=DAY
    )
    api.appoint(
        actor=SYSTEM,
        person=person,
        unit=directory.enterprise.unit,
        kind=PostKind.BACKBONE,
        since=DAY,
    )
    move_unit(actor=SYSTEM, unit=directory.enterprise.unit, parent=zone.other_district)
    assert not api.members(zone.district, DAY).exists()
    assert api.members(zone.other_district, DAY).count() == 1
    old, new = Unit.objects.get(pk=zone.district.pk), Unit.objects.get(pk=zone.other_district.pk)
    for model in (Enterprise, Person, Membership, Post, Branch):
        moved = model.objects.filter(path__startswith=new.path)
        assert moved.exists(), model
    assert not Membership.objects.filter(path__startswith=old.path).exists()


def test_two_at_once_cannot_both_place_a_person(directory) -> None:
    """The second of two equal entries is refused by the database itself, whatever was checked."""
    person = directory.person(17)
    entry = {"person": person, "branch": directory.branch, "stage": Stage.FORMAL, "since": DAY}
    api.start_membership(actor=SYSTEM, **entry)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(
            person=person,
            branch=directory.joint,
            stage=Stage.FORMAL,
            valid=(DAY, None),
            known=(dt.datetime.now(dt.UTC), None),
        )


def test_a_taken_number_of_an_unseen_person_or_enterprise_tells_nothing(directory) -> None:
    number, code = example_identity(7, dt.date(1979, 5, 6)), example_uscc(11)
    zone = directory.zone
    name = "示例藏于别处"
    api.add_person(actor=SYSTEM, unit=zone.elsewhere, name=name, identity=number)
    api.add_enterprise(actor=SYSTEM, parent=zone.other_district, name="示例戊公司", code=code)
    instructor = zone.actor("instructor")
    with acting(instructor):
        with pytest.raises(UserError, match="园区办公室") as person:
            api.add_person(actor=instructor, unit=zone.enterprise, name="示例己", identity=number)
        with pytest.raises(UserError, match="园区办公室") as enterprise:
            api.add_enterprise(actor=instructor, parent=zone.district, name="示例己", code=code)
    assert "登记：" not in str(person.value) and name not in str(person.value)
    assert "已登记" not in str(enterprise.value)
    with pytest.raises(UserError, match=f"已登记：{name}"):  # who sees the person is told who
        api.add_person(actor=SYSTEM, unit=zone.enterprise, name="示例己", identity=number)
