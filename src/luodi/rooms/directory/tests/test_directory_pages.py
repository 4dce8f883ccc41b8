"""Every page: who sees it, what it says, and how many queries it takes."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from luodi.ground.audit.api import Entry
from luodi.ground.scope import api as scope
from luodi.ground.scope.api import SYSTEM
from luodi.lib.codes import example_identity, example_uscc
from luodi.rooms.directory import api
from luodi.rooms.directory.api import Enterprise, Membership, Person, Post, PostKind, Stage

DAY = dt.date(2022, 1, 1)


@pytest.fixture
def member(directory) -> Person:
    person = directory.person(
        21,
        name="示例张三丰",
        identity=example_identity(21, dt.date(1980, 2, 3)),
        phone="13912345678",
    )
    api.start_membership(
        actor=SYSTEM, person=person, branch=directory.branch, stage=Stage.PROBATIONARY, since=DAY
    )
    api.appoint(
        actor=SYSTEM,
        person=person,
        unit=directory.branch.unit,
        kind=PostKind.BRANCH_SECRETARY,
        since=DAY,
    )
    return person


def addresses(directory, member) -> dict[str, str]:
    def to(name: str, *args: object) -> str:
        return reverse(f"directory:{name}", args=args)

    tie, post = Membership.objects.get(person=member), Post.objects.get(person=member)
    return {
        "enterprises": to("enterprises"),
        "add_enterprise": to("add_enterprise"),
        "enterprise": to("enterprise", directory.enterprise.pk),
        "change_enterprise": to("change_enterprise", directory.enterprise.pk),
        "lead": to("lead", directory.enterprise.pk),
        "branches": to("branches"),
        "found_branch": to("found_branch"),
        "branch": to("branch", directory.branch.pk),
        "joint": to("branch", directory.joint.pk),
        "reorganise": to("reorganise_branch", directory.branch.pk),
        "term": to("term", directory.branch.pk),
        "span": to("span", directory.joint.pk),
        "dissolve": to("dissolve_branch", directory.branch.pk),
        "override": to("override", directory.branch.pk, "term"),
        "end_span": to("end_span", directory.joint.spans.first().pk),
        "people": to("people"),
        "add_person": to("add_person"),
        "person": to("person", member.pk),
        "change_person": to("change_person", member.pk),
        "reveal": to("reveal", member.pk, "phone"),
        "export_person": to("export_person", member.pk),
        "erase": to("erase_person", member.pk),
        "join": to("join", member.pk),
        "appoint": to("appoint", member.pk),
        "advance": to("advance", tie.pk),
        "transfer": to("transfer", tie.pk),
        "end_membership": to("end_membership", tie.pk),
        "correct_membership": to("correct_membership", tie.pk),
        "end_post": to("end_post", post.pk),
        "correct_post": to("correct_post", post.pk),
        "privacy": to("privacy"),
        "import": reverse("imports:upload", args=["people"]),
        "import_enterprises": reverse("imports:upload", args=["enterprises"]),
        "template": reverse("imports:template", args=["people"]),
    }


def test_the_office_reaches_every_page(directory, member) -> None:
    client = directory.zone.client("office")
    for name, address in addresses(directory, member).items():
        assert client.get(address).status_code == 200, name


def test_nobody_and_administrators_reach_no_row(directory, member) -> None:
    stranger = directory.zone.client(None)
    admin = directory.zone.client("system_admin")
    for name, address in addresses(directory, member).items():
        assert stranger.get(address).status_code == 302, name
        page = admin.get(address)
        text = page.content.decode() if page.status_code == 200 and not page.streaming else ""
        assert member.name not in text, name
        assert directory.enterprise.unit.name not in text or name == "privacy", name


def test_a_liaison_sees_the_enterprise_but_no_people(directory, member) -> None:
    liaison = scope.create_account(
        actor=SYSTEM, username="liaison9", name="示例联络", must_change_password=False
    )
    scope.grant_role(
        actor=SYSTEM, account=liaison, unit=directory.enterprise.unit, role="liaison", since=DAY
    )
    client = Client()
    client.force_login(liaison)
    for name, pk in (("enterprise", directory.enterprise.pk), ("branch", directory.branch.pk)):
        page = client.get(reverse(f"directory:{name}", args=[pk]))
        assert page.status_code == 200
        assert member.name not in page.content.decode()
    assert client.get(reverse("directory:people")).status_code == 403
    assert client.get(reverse("directory:person", args=[member.pk])).status_code == 403
    tie = Membership.objects.get(person=member)
    assert client.get(reverse("directory:transfer", args=[tie.pk])).status_code == 403
    assert client.get(reverse("directory:term", args=[directory.branch.pk])).status_code == 403


def test_the_enterprise_file_says_what_there_is(directory, member) -> None:
    page = directory.zone.client("office").get(
        reverse("directory:enterprise", args=[directory.enterprise.pk])
    )
    text = page.content.decode()
    for word in (
        "示例铝业公司党支部",
        "示例联合党支部",
        "示例张三丰",
        "示例instructor",
        ">1</a>名",  # members of the enterprise, a link to the reading
    ):
        assert word in text


def test_the_branch_page_cites_its_rules(directory, member) -> None:
    client = directory.zone.client("office")
    address = reverse("directory:branch", args=[directory.branch.pk])
    text = client.get(address).content.decode()
    assert "有正式党员0名，不足3名" in text
    assert "《中国共产党支部工作条例（试行）》第四条" in text
    override = reverse("directory:override", args=[directory.branch.pk, "minimum_members"])
    assert client.post(override, {"reason": ""}).status_code == 422
    assert client.post(override, {"reason": "正在发展党员"}).status_code == 302
    assert "例外的理由：正在发展党员" in client.get(address).content.decode()
    listed = client.get(reverse("directory:branches")).content.decode()
    assert "班子任期" in listed
    assert "单独成立党支部的人数" not in listed


def test_people_are_found_by_name_pinyin_and_initials(directory, member) -> None:
    client = directory.zone.client("office")
    directory.person(22, name="示例李四")
    for text, found in (("张三", True), ("slzhsf", False), ("slzsf", True), ("shilizhang", True)):
        page = client.get(reverse("directory:people"), {"q": text}).content.decode()
        assert ("示例张三丰" in page) == found, text
        assert "示例李四" not in page
    page = client.get(reverse("directory:people"), {"stage": "probationary"}).content.decode()
    assert "示例张三丰" in page
    assert "示例李四" not in page


def test_masked_values_are_opened_with_a_reason(directory, member) -> None:
    client = directory.zone.client("office")
    page = client.get(reverse("directory:person", args=[member.pk])).content.decode()
    assert "139****5678" in page
    assert "13912345678" not in page
    address = reverse("directory:reveal", args=[member.pk, "phone"])
    assert client.post(address, {"reason": ""}).status_code == 422
    answer = client.post(address, {"reason": "通知开会"})
    assert "13912345678" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert Entry.objects.filter(action="reveal", subject_id=str(member.pk)).count() == 1
    assert directory.zone.client("instructor").get(address).status_code == 403


def test_a_person_is_entered_and_changed_on_the_page(directory) -> None:
    client = directory.zone.client("branch_secretary")
    zone = directory.zone
    form = {"name": "示例王五", "unit": zone.enterprise.name, "identity": "123"}
    page = client.post(reverse("directory:add_person"), form)
    assert page.status_code == 422
    assert "18 位" in page.content.decode()
    assert "示例王五" in page.content.decode()  # nothing typed is lost
    number = example_identity(30, dt.date(1990, 7, 8))
    page = client.post(reverse("directory:add_person"), {**form, "identity": number})
    assert page.status_code == 302
    person = Person.objects.get(name="示例王五")
    change = reverse("directory:change_person", args=[person.pk])
    form = {"name": "示例王五五", "unit": zone.enterprise.name, "version": 1}
    assert client.post(change, form).status_code == 302
    person.refresh_from_db()
    assert (person.name, person.born_on) == ("示例王五五", dt.date(1990, 7, 8))
    stale = client.post(change, {**form, "name": "示例王六"})
    assert stale.status_code == 422
    assert "示例王五五" in stale.content.decode()
    assert "示例王六" in stale.content.decode()


def test_a_unit_is_named_not_numbered(directory) -> None:
    client = directory.zone.client("office")
    form = {"name": "示例王五", "unit": "没有的单位"}
    page = client.post(reverse("directory:add_person"), form)
    assert "没有叫“没有的单位”的" in page.content.decode()
    unit = directory.zone.enterprise
    scope.change_unit(actor=SYSTEM, unit=unit, name=unit.name, short_name="示例甲")
    assert (
        client.post(reverse("directory:add_person"), form | {"unit": "示例甲"}).status_code == 302
    )
    assert Person.objects.get(name="示例王五").unit == directory.zone.enterprise


def test_the_copy_of_a_person_is_a_file(directory, member) -> None:
    client = directory.zone.client("office")
    address = reverse("directory:export_person", args=[member.pk])
    answer = client.post(address, {"reason": "本人要求"})
    assert answer["Content-Disposition"].startswith("attachment")
    assert "13912345678" in b"".join(answer.streaming_content).decode()


def test_lists_leave_as_excel_with_masked_values(directory, member) -> None:
    client = directory.zone.client("office")
    for name in ("people", "enterprises", "branches"):
        answer = client.get(reverse(f"directory:{name}"), {"format": "xlsx"})
        assert b"".join(answer.streaming_content)[:2] == b"PK", name
        assert client.get(reverse(f"directory:{name}"), {"format": "print"}).status_code == 200


@pytest.mark.parametrize("name", ["enterprises", "branches", "people"])
def test_a_list_takes_the_same_queries_for_one_row_and_for_twenty(directory, member, name) -> None:
    client, address = directory.zone.client("office"), reverse(f"directory:{name}")
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    grow(directory)
    with CaptureQueriesContext(connection) as many:
        page = client.get(address)
    assert "示例19公司" in page.content.decode() or name == "people"
    assert len(many) == len(few), [q["sql"][:90] for q in many]


def grow(directory) -> None:
    for number in range(20):
        enterprise = api.add_enterprise(
            actor=SYSTEM,
            parent=directory.zone.district,
            name=f"示例{number}公司",
            code=example_uscc(100 + number),
        )
        branch = api.found_branch(
            actor=SYSTEM,
            parent=enterprise.unit,
            name=f"示例{number}公司党支部",
            type=api.BranchType.BRANCH,
            founded_on=DAY,
        )
        person = directory.person(40 + number, unit=enterprise.unit)
        api.start_membership(
            actor=SYSTEM, person=person, branch=branch, stage=Stage.FORMAL, since=DAY
        )
    assert Enterprise.objects.count() == 22


@pytest.mark.parametrize("name", ["enterprise", "branch", "person"])
def test_a_page_takes_the_same_queries_however_much_stands_on_it(directory, member, name) -> None:
    client, address = directory.zone.client("office"), addresses(directory, member)[name]

    def more(numbers: range) -> None:
        for number in numbers:
            person = directory.person(number)
            api.start_membership(
                actor=SYSTEM, person=person, branch=directory.branch, stage=Stage.FORMAL, since=DAY
            )
            for one, kind in ((person, PostKind.BACKBONE), (member, PostKind.OTHER)):
                api.appoint(
                    actor=SYSTEM,
                    person=one,
                    unit=directory.enterprise.unit,
                    kind=kind,
                    since=DAY + dt.timedelta(days=40 * number),
                    until=DAY + dt.timedelta(days=40 * number + 20),
                )

    more(range(60, 62))  # some of everything, and then more of it
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    more(range(62, 70))
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few), [q["sql"][:90] for q in many]


def test_a_history_tells_of_people_only_who_may_see_people(directory, member) -> None:
    """A liaison sees the enterprise's rows, not who belongs to a party: neither in the history."""
    clients = {}
    for role in ("branch_secretary", "liaison"):
        account = scope.create_account(
            actor=SYSTEM, username=f"{role}9", name="示例", must_change_password=False
        )
        unit = directory.enterprise.unit
        scope.grant_role(actor=SYSTEM, account=account, unit=unit, role=role, since=DAY)
        clients[role] = Client()
        clients[role].force_login(account)
    tie, post = Membership.objects.get(person=member), Post.objects.get(person=member)
    records = {
        "directory_person": member.pk,
        "directory_membership": tie.pk,
        "directory_post": post.pk,
    }
    for table, pk in records.items():
        address = reverse("audit:history", args=[table, pk])
        assert clients["branch_secretary"].get(address).status_code == 200, table
        assert clients["liaison"].get(address).status_code == 404, table
