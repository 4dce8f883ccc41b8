"""Messages: once each, in the inbox at once, out of the house as one digest, with a log."""

from __future__ import annotations

import datetime as dt
import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.conf import LazySettings
from django.core import mail
from django.utils import timezone
from tests.zone import Zone

from luodi.ground.notices import api as notices
from luodi.ground.notices.channels import payload
from luodi.ground.notices.models import Delivery, Notice, Robot
from luodi.ground.scope.api import SYSTEM, acting
from luodi.lib.errors import NotAllowed, NotFound, UserError

DAY = dt.date(2022, 12, 22)


class Group(BaseHTTPRequestHandler):
    """A chat platform's webhook; `answer` is what it says, `got` what it was sent."""

    answer: dict[str, object] = {"errcode": 0}
    got: list[dict[str, object]] = []

    def do_POST(self) -> None:
        Group.got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        if self.path == "/elsewhere":
            self.send_response(302)
            self.send_header("Location", "/inside")
        else:
            self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(Group.answer).encode())

    def do_GET(self) -> None:
        Group.got.append({"path": self.path})
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"errcode": 0}).encode())

    def log_message(self, *args: object) -> None:
        return None


@pytest.fixture
def group(settings: LazySettings) -> Iterator[str]:
    settings.WEBHOOKS_MAY_BE_LOCAL = True
    Group.got, Group.answer = [], {"errcode": 0}
    server = HTTPServer(("127.0.0.1", 0), Group)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hook"
    server.shutdown()


def tell(zone: Zone, key: str = "case:1:due") -> None:
    notices.tell(accounts=[zone.accounts["liaison"]], key=key, text="示例问题即将到期", url="/x/")


def add(zone: Zone, address: str, kind: str = "wecom", secret: str = "") -> Robot:
    return notices.add_robot(
        actor=SYSTEM, unit=zone.zone, kind=kind, name="示例群", address=address, secret=secret
    )


def post_to(zone: Zone, address: str, kind: str = "wecom", secret: str = "") -> None:
    robot = add(zone, address, kind, secret)
    notices.tell_group(robot=robot, key="k", subject="s", body="b")


def test_the_same_event_is_told_once(zone: Zone) -> None:
    tell(zone)
    tell(zone)
    with acting(zone.actor("liaison")):
        assert notices.unread(zone.accounts["liaison"].pk) == 1
        assert notices.mark_read(actor=zone.actor("liaison")) == 1
        assert notices.unread(zone.accounts["liaison"].pk) == 0


def test_an_inbox_is_its_owners(zone: Zone) -> None:
    tell(zone)
    notice = Notice.objects.get()
    with acting(zone.actor("office")):
        assert not Notice.objects.exists()
    assert zone.client("office").post(f"/notices/{notice.pk}/").status_code == 404
    assert zone.client("liaison").post(f"/notices/{notice.pk}/")["Location"] == "/x/"


def test_an_officer_may_tell_someone_else(zone: Zone) -> None:
    with acting(zone.actor("office")):
        tell(zone)
    assert Notice.objects.count() == 1


def test_one_digest_a_day_names_each_message_once(zone: Zone) -> None:
    account = zone.accounts["liaison"]
    account.email = "liaison@example.org"
    account.save()
    tell(zone, "a")
    tell(zone, "b")
    assert notices.digest(DAY) == 1
    assert notices.digest(DAY) == 0
    assert notices.deliver() == (1, 0)
    assert notices.deliver() == (0, 0)
    (sent,) = mail.outbox
    assert sent.to == ["liaison@example.org"] and "2 条" in sent.subject


def test_a_group_gets_the_format_of_its_platform() -> None:
    assert payload("wecom", "标题", "正文")["markdown"]["content"] == "**标题**\n正文"
    assert payload("dingtalk", "标题", "正文")["markdown"]["title"] == "标题"
    assert payload("feishu", "标题", "正文") == {
        "msg_type": "text",
        "content": {"text": "标题\n正文"},
    }
    long = payload("wecom", "标题", "电" * 9_000)["markdown"]["content"]
    assert len(long.encode()) < 4_096


def test_a_group_is_told_once_and_a_failure_is_tried_again(zone: Zone, group: str) -> None:
    robot = add(zone, group)
    for _ in range(2):
        notices.tell_group(robot=robot, key="k", subject="将到期 1 项", body="正文")
    Group.answer = {"errcode": 93000, "errmsg": "invalid webhook"}
    now = timezone.now()
    assert notices.deliver(now=now) == (0, 1)
    assert notices.deliver(now=now + dt.timedelta(seconds=30)) == (0, 0)
    Group.answer = {"errcode": 0}
    assert notices.deliver(now=now + dt.timedelta(minutes=2)) == (1, 0)
    assert len(Group.got) == 2
    assert Delivery.objects.get().tries == 2


def test_after_six_tries_it_waits_for_a_person(zone: Zone, group: str) -> None:
    post_to(zone, group, kind="feishu")
    Group.answer = {"code": 9499}
    now = timezone.now()
    for hour in range(8):
        notices.deliver(now=now + dt.timedelta(hours=hour))
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.tries) == (Delivery.Status.FAILED, notices.MOST_TRIES)
    Group.answer = {"code": 0}
    notices.retry(actor=zone.actor("office"), delivery_id=delivery.pk)
    assert notices.deliver() == (1, 0)


def test_a_webhook_cannot_reach_into_the_house(zone: Zone, settings: LazySettings) -> None:
    settings.WEBHOOKS_MAY_BE_LOCAL = False
    post_to(zone, "http://127.0.0.1:1/")
    assert notices.deliver() == (0, 1)
    assert "local network" in Delivery.objects.get().answer


def test_a_webhook_leads_nowhere_else(zone: Zone, group: str) -> None:
    """Where it leads to was not looked at: it may be inside."""
    address = group.replace("/hook", "/elsewhere")
    post_to(zone, address)
    assert notices.deliver() == (0, 1)
    assert {"path": "/inside"} not in Group.got


def test_a_name_that_leads_inside_the_second_time_is_sent_nothing(
    zone: Zone, group: str, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first answer of the attacker's name server is public, the second is ours."""
    settings.WEBHOOKS_MAY_BE_LOCAL = False
    answers, asked = iter(["93.184.215.14"]), socket.getaddrinfo

    def once_outside(host: str, *rest: Any, **more: Any) -> Any:
        return asked(next(answers, "127.0.0.1"), *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", once_outside)
    address = group.replace("127.0.0.1", "rebinding.example")
    post_to(zone, address)
    assert notices.deliver() == (0, 1)
    assert Group.got == [] and "local network" in Delivery.objects.get().answer


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:99999/",
        "http://" + "a" * 70 + ".example/",
        "http://[::1",
        "{group} /\r\nX: y",
    ],
)
def test_one_bad_address_keeps_nobody_from_their_message(
    zone: Zone, group: str, address: str
) -> None:
    account = zone.accounts["liaison"]
    account.email = "liaison@example.org\nBcc: all@example.org"
    account.save()
    notices.tell(accounts=[account], key="k", text="示例")
    notices.digest(DAY)
    for webhook in (address.replace("{group}", group), group):
        post_to(zone, webhook)
    assert notices.deliver() == (1, 2)
    assert mail.outbox == [] and len(Group.got) == 1
    waiting = Delivery.objects.filter(status=Delivery.Status.WAITING)
    assert all(one.answer for one in waiting) and waiting.count() == 2
    assert all(len(one.log) == 1 and one.log[0]["said"] == one.answer for one in waiting)


def test_an_answer_that_is_no_http_is_no_fault_of_ours(zone: Zone, settings: LazySettings) -> None:
    settings.WEBHOOKS_MAY_BE_LOCAL = True
    server = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        caller, _address = server.accept()
        caller.recv(65_536)
        caller.sendall(b"nonsense\r\n\r\n")
        caller.close()

    threading.Thread(target=answer, daemon=True).start()
    address = f"http://127.0.0.1:{server.getsockname()[1]}/"
    post_to(zone, address)
    assert notices.deliver() == (0, 1)
    server.close()


def test_what_arrived_is_not_sent_again(zone: Zone, group: str) -> None:
    post_to(zone, group)
    assert notices.deliver() == (1, 0)
    with pytest.raises(NotFound):
        notices.retry(actor=zone.actor("office"), delivery_id=Delivery.objects.get().pk)
    assert notices.deliver() == (0, 0)


def test_who_may_configure_groups(zone: Zone) -> None:
    with pytest.raises(NotAllowed):
        notices.add_robot(
            actor=zone.actor("liaison"),
            unit=zone.zone,
            kind="wecom",
            name="x",
            address="https://a/",
        )
    with pytest.raises(UserError) as refused:
        notices.add_robot(
            actor=SYSTEM, unit=zone.zone, kind="wecom", name="x", address="file:///etc"
        )
    assert refused.value.field == "address"


def test_a_group_that_is_removed_is_no_longer_told(zone: Zone, group: str) -> None:
    robot = add(zone, group)
    assert notices.living_robots() == [robot]
    notices.remove_robot(actor=zone.actor("office"), robot_id=robot.pk)
    assert notices.living_robots() == []
    assert not Robot.objects.filter(is_active=True).exists()


def test_what_is_unread_comes_first_however_much_was_read(zone: Zone) -> None:
    account, now = zone.accounts["liaison"], timezone.now()
    Notice.objects.bulk_create(
        Notice(account=account, key=f"read-{n}", text=f"看过的{n}", at=now, read_at=now)
        for n in range(120)
    )
    Notice.objects.create(
        account=account, key="old", text="很早的一条", at=now - dt.timedelta(days=400)
    )
    page = zone.client("liaison").get("/notices/").content.decode()
    assert page.count("<li") >= 100 and page.index("很早的一条") < page.index("看过的")
