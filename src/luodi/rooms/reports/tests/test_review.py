"""From the draft to the signature: submitted, returned with a comment, approved, signed by another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.rest import Rest, token_of
from tests.zone import Zone

from luodi.ground.notices.api import Notice
from luodi.ground.scope import api as scope
from luodi.lib.errors import NotAllowed, UserError
from luodi.rooms.reports import api
from luodi.rooms.reports.models import Report, Step


@pytest.fixture
def report(zone: Zone, settings: Any, tmp_path: Path) -> Report:
    """The instructor's draft of the district."""
    settings.DATA_DIR = tmp_path
    actor, day = zone.actor("instructor"), scope.today()
    made = api.draft_report(
        actor=actor, template="annual", unit=zone.district, since=day, until=day
    )
    return api.write_report(actor=actor, report=made, title="示例报告", text="示例。")


def told(zone: Zone, role: str) -> list[str]:
    return [one.text for one in Notice.objects.filter(account=zone.accounts[role]).order_by("id")]


def test_a_draft_goes_back_and_forth_until_it_is_signed(zone: Zone, report: Report) -> None:
    author, reviewer = zone.actor("instructor"), zone.actor("office")
    report = api.submit_draft(actor=author, report=report, comment="请审")
    assert report.state == "submitted" and told(zone, "office") == [
        "报告《示例报告》提交审核：请审"
    ]
    assert not told(zone, "instructor")
    with pytest.raises(UserError, match="待审核"):
        api.write_report(actor=author, report=report, title="改", text="改")
    with pytest.raises(UserError, match="退回的原因"):
        api.return_draft(actor=reviewer, report=report, comment=" ")
    report = api.return_draft(actor=reviewer, report=report, comment="补上数据")
    assert report.state == "draft" and told(zone, "instructor") == [
        "报告《示例报告》退回修改：补上数据"
    ]
    api.write_report(actor=author, report=report, title="示例报告", text="补上了。")
    api.submit_draft(actor=author, report=report)
    report = api.approve_draft(actor=reviewer, report=report)
    assert report.state == "approved" and report.approved_by == zone.accounts["office"]
    assert api.publish_report(actor=author, report=report).state == "published"
    acts = [(step.act, step.comment) for step in Step.objects.all()]
    assert acts == [("submit", "请审"), ("return", "补上数据"), ("submit", ""), ("approve", "")]


def test_what_is_refused_on_the_way(zone: Zone, report: Report) -> None:
    author, office = zone.actor("instructor"), zone.actor("office")
    for verb in (api.approve_draft, api.return_draft):
        with pytest.raises(UserError):  # nothing was submitted
            verb(actor=office, report=report, comment="示例")
    with pytest.raises(UserError, match="意见"):
        api.comment_draft(actor=office, report=report, comment=" ")
    with pytest.raises(NotAllowed):
        api.submit_draft(actor=zone.actor("branch_secretary"), report=report)
    api.write_report(actor=office, report=report, title="示例报告", text="办公室改过。")
    api.submit_draft(actor=author, report=report)
    with pytest.raises(UserError, match="由别人审核"):  # the office wrote in it
        api.approve_draft(actor=office, report=report)
    with pytest.raises(NotAllowed):
        api.approve_draft(actor=author, report=report)
    taken_back = api.return_draft(actor=author, report=report)  # one's own needs no reason
    assert taken_back.state == "draft"
    with pytest.raises(NotAllowed):
        api.set_signing_rule(actor=office, unit=zone.zone, another_approves=True)
    api.publish_report(actor=office, report=report)
    with pytest.raises(UserError, match="已签发"):
        api.comment_draft(actor=office, report=report, comment="迟了")


def test_who_wrote_alone_does_not_sign_where_the_unit_says_so(zone: Zone, report: Report) -> None:
    author = zone.actor("instructor")
    api.set_signing_rule(actor=zone.actor("secretary"), unit=zone.zone, another_approves=True)
    for verb in (api.publish_report, api.ask_to_publish):
        with scope.acting(author), pytest.raises(UserError, match="先经别人审核"):
            verb(actor=author, report=report)
    api.submit_draft(actor=author, report=report)
    api.approve_draft(actor=zone.actor("deputy"), report=report)
    assert author.account_id == report.drafted_by_id
    with scope.acting(author):
        assert api.publish_report(actor=author, report=report).state == "published"


def test_another_may_sign_and_the_nearest_rule_holds(zone: Zone, report: Report) -> None:
    secretary = zone.actor("secretary")
    api.set_signing_rule(actor=secretary, unit=zone.zone, another_approves=True)
    api.set_signing_rule(actor=secretary, unit=zone.district, another_approves=False)
    assert api.publish_report(actor=zone.actor("instructor"), report=report).state == "published"
    day = scope.today()
    other = api.draft_report(
        actor=zone.actor("office"), template="annual", unit=zone.zone, since=day, until=day
    )
    other = api.write_report(actor=zone.actor("office"), report=other, title="示例", text="示例。")
    assert api.publish_report(actor=secretary, report=other).state == "published"


def test_on_the_pages_and_over_rest(zone: Zone, report: Report) -> None:
    author, office = zone.client("instructor"), zone.client("office")
    address = f"/reports/{report.pk}/step/"
    assert "提交审核" in author.get(f"/reports/{report.pk}/").content.decode()
    assert author.post(address, {"act": "submit", "comment": "请审"}).status_code == 302
    assert author.post(address, {"act": "another"}).status_code == 404
    page = office.get(f"/reports/{report.pk}/").content.decode()
    assert "审核通过" in page and "退回修改" in page and "请审" in page
    answer = office.post(address, {"act": "return", "comment": ""})
    assert answer.status_code == 422 and "退回的原因" in answer.content.decode()
    rest = Rest(token_of(zone, "office"))
    answer = rest.post(f"/reports/{report.pk}/steps", {"act": "approve", "comment": "好"})
    assert answer.json()["state"] == "approved"
    steps = rest.get(f"/reports/{report.pk}/steps").json()
    assert [(one["act"], one["comment"]) for one in steps] == [
        ("submit", "请审"),
        ("approve", "好"),
    ]
    secretary = zone.client("secretary")
    given = {"unit": zone.zone.pk, "another_approves": "on"}
    assert secretary.post("/reports/signing/", given).status_code == 302
    assert zone.zone.name in secretary.get("/reports/signing/").content.decode()
    assert author.post(f"/reports/{report.pk}/publish/").status_code == 302  # approved already
    assert Report.objects.get().state == "published"
