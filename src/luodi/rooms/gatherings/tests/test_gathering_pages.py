"""The pages: a theme day on a phone, from plan to signed minutes, and what comes back refused."""

from __future__ import annotations

import datetime as dt
import re

from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from luodi.rooms.gatherings import api
from luodi.rooms.gatherings.api import Gathering, Minutes, State
from luodi.rooms.gatherings.tests.conftest import Company

NEW = "/gatherings/new/?kind=theme_day"


def moment(hours: int) -> str:
    when = timezone.localtime(timezone.now() + dt.timedelta(hours=hours))
    return f"{when:%Y-%m-%dT%H:%M}"


def plan(client: Client, **more: object) -> Gathering:
    sent = {"starts_at": moment(-3), "ends_at": moment(-1), "agenda": "学习条例\n义务劳动", **more}
    answer = client.post(NEW, sent)
    assert answer.status_code == 302, answer.content.decode()
    return Gathering.objects.latest("pk")


def test_a_theme_day_on_a_phone(company: Company) -> None:
    client = company.zone.client("branch_secretary")
    assert client.get("/gatherings/new/").status_code == 200
    page = client.get(NEW).content.decode()
    assert company.unit.name in page and 'name="unit"' not in page
    day = plan(client)
    assert day.unit == company.unit
    page = client.get(f"/gatherings/{day.pk}/attendance/").content.decode()
    assert len(re.findall(r'value="came"\s+checked', page)) == 6
    ill = company.people[2].pk
    answer = client.post(
        f"/gatherings/{day.pk}/attendance/",
        {f"s-p{ill}": "excused", f"r-p{ill}": "出差", "guests": "示例嘉宾（示例局）"},
    )
    assert answer["Location"] == f"/gatherings/{day.pk}/minutes/"
    page = client.get(answer["Location"]).content.decode()
    assert 'value="学习条例"' in page
    sent = {"text": "学习并讨论。", "title-0": "学习条例", "decision-0": "每季度一次", "sign": "1"}
    answer = client.post(f"/gatherings/{day.pk}/minutes/", sent)
    assert answer.status_code == 302, answer.content.decode()
    assert day.minutes.get().state == Minutes.State.SIGNED
    page = client.get(f"/gatherings/{day.pk}/").content.decode()
    for words in ("<b>5</b> / 6 人到会", "出差", "每季度一次", "示例嘉宾（示例局）", "签认："):
        assert words in page, words
    assert "每季度一次" in client.get(f"/gatherings/{day.pk}/?format=print").content.decode()


def test_a_second_of_the_day_is_shown_and_saved_only_when_it_is_another(company: Company) -> None:
    client = company.zone.client("branch_secretary")
    plan(client)
    sent = {"starts_at": moment(-2), "agenda": "", "place": "二楼"}
    refused = client.post(NEW, sent)
    page = refused.content.decode()
    assert refused.status_code == 422 and "这一天已有一次" in page and 'value="二楼"' in page
    assert client.post(NEW, {**sent, "again": "on"}).status_code == 302


def test_a_draft_that_two_write_shows_both(company: Company) -> None:
    client, office = company.zone.client("branch_secretary"), company.zone.client("office")
    day = plan(client)
    address = f"/gatherings/{day.pk}/minutes/"
    assert client.post(address, {"text": "甲写的"}).status_code == 302
    version = day.minutes.get().version
    assert office.post(address, {"text": "乙写的", "version": version}).status_code == 302
    stale = client.post(address, {"text": "甲又写", "version": version})
    page = stale.content.decode()
    assert stale.status_code == 422 and "乙写的" in page and "甲又写" in page


def test_the_calendar_entry_is_one_and_follows_changes(company: Company) -> None:
    client = company.zone.client("branch_secretary")
    day = plan(client, starts_at=moment(48), ends_at=moment(50))

    def entry() -> tuple[str, str, int]:
        answer = client.get(f"/gatherings/{day.pk}/invitation.ics")
        calendar = Calendar.from_ical(answer.content)
        event = calendar.walk("VEVENT")[0]
        assert f"method={calendar['METHOD']}" in answer["Content-Type"]
        return str(calendar["METHOD"]), str(event["UID"]), int(event["SEQUENCE"])

    method, uid, sequence = entry()
    assert (method, sequence) == ("REQUEST", 0)
    sent = {"starts_at": moment(72), "ends_at": moment(74), "title": day.title}
    assert client.post(f"/gatherings/{day.pk}/change/", sent).status_code == 302
    assert entry() == ("REQUEST", uid, 1)
    assert client.post(f"/gatherings/{day.pk}/cancel/", {"why": "停电"}).status_code == 302
    assert entry() == ("CANCEL", uid, 2)
    page = client.get(f"/gatherings/{day.pk}/").content.decode()
    assert "停电" in page and "已取消" in page


def test_the_list_filters_and_the_file_has_all_fields(company: Company) -> None:
    client = company.zone.client("branch_secretary")
    day = plan(client)
    page = client.get("/gatherings/?kind=theme_day&state=planned").content.decode()
    assert f"/gatherings/{day.pk}/" in page
    since = timezone.localdate() + dt.timedelta(days=1)
    assert (
        f"/gatherings/{day.pk}/" not in client.get(f"/gatherings/?since={since}").content.decode()
    )
    assert client.get("/gatherings/?format=xlsx").status_code == 200


def test_a_vote_on_its_pages(company: Company) -> None:
    client = company.zone.client("branch_secretary")
    address = "/gatherings/new/?kind=members_meeting"
    client.post(address, {"starts_at": moment(-3), "ends_at": moment(-1)})
    meeting = Gathering.objects.latest("pk")
    client.post(f"/gatherings/{meeting.pk}/attendance/", {})
    client.post(
        f"/gatherings/{meeting.pk}/votes/new/",
        {"rule": "resolution", "subject": "年度计划", "secret": "on"},
    )
    vote = meeting.votes.get()
    page = client.get(f"/gatherings/votes/{vote.pk}/").content.decode()
    assert 'value="5"' in page  # of the formal members that came
    wrong = client.post(
        f"/gatherings/votes/{vote.pk}/", {"present": 9, "yes": 3, "no": 0, "abstain": 0}
    )
    assert wrong.status_code == 422 and "多于有表决权的 5 人" in wrong.content.decode()
    client.post(f"/gatherings/votes/{vote.pk}/", {"present": 5, "yes": 3, "no": 1, "abstain": 1})
    page = client.get(f"/gatherings/{meeting.pk}/").content.decode()
    assert "至少 3 票赞成；赞成 3 票" in page and "第十一条" in page
    client.post(f"/gatherings/{meeting.pk}/votes/new/", {"rule": "resolution", "subject": "记名的"})
    named = meeting.votes.get(subject="记名的")
    page = client.get(f"/gatherings/votes/{named.pk}/").content.decode()
    assert page.count("checked") == 5
    against = company.people[1].pk
    said = {f"v-{one.pk}": "no" if one.pk == against else "yes" for one in company.people[:5]}
    assert client.post(f"/gatherings/votes/{named.pk}/", said).status_code == 302
    named.refresh_from_db()
    assert (named.yes, named.no, named.carried) == (4, 1, True)
    assert "示例乙 反对" in client.get(f"/gatherings/{meeting.pk}/").content.decode()


def test_a_decision_becomes_a_task_or_a_case(company: Company) -> None:
    client = company.zone.client("branch_secretary")
    day = plan(client)
    due = timezone.localdate() + dt.timedelta(days=20)
    name = company.people[1].name
    sent = {"text": "整理台账", "person": name, "due_on": due}
    assert client.post(f"/gatherings/{day.pk}/tasks/new/", sent).status_code == 302
    task = day.tasks.get()
    assert task.person == company.people[1]
    assert (
        client.post(f"/gatherings/tasks/{task.pk}/", {"on": timezone.localdate()}).status_code
        == 302
    )
    sent = {"text": "路灯不亮", "unit": company.zone.enterprise.name}
    for _twice in range(2):
        assert client.post(f"/gatherings/{day.pk}/case/", sent).status_code == 302
    case = day.tasks.get(case__isnull=False).case
    assert case.code in client.get(f"/gatherings/{day.pk}/").content.decode()


def test_who_is_not_asked_does_not_see_it(company: Company) -> None:
    day = plan(company.zone.client("branch_secretary"))
    assert (
        company.zone.client("department_officer").get(f"/gatherings/{day.pk}/").status_code == 404
    )
    assert company.zone.client("liaison").get(f"/gatherings/{day.pk}/").status_code == 200
    liaison = company.zone.client("liaison")
    assert liaison.get(f"/gatherings/{day.pk}/attendance/").status_code == 403
    assert liaison.get(NEW).status_code == 403
    assert api.kind_of("theme_day").once_a_day and day.state == State.PLANNED
