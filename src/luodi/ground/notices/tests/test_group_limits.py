"""What the chat platforms ask: their signatures, so many a minute, so many bytes."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from tests.zone import Zone

from luodi.ground.audit.models import Entry
from luodi.ground.notices import api as notices
from luodi.ground.notices.channels import LIMITS, SECRETS, payload, signed
from luodi.ground.notices.models import Delivery, Robot
from luodi.ground.notices.tests.test_notices import Group, add, group
from luodi.lib.errors import UserError

__all__ = ["group"]
SECRET = "SEC-示例"


def test_dingtalk_signs_in_the_address() -> None:
    address, data = signed("dingtalk", SECRET, "https://a/send?access_token=x", {"m": 1}, 1.5)
    query = parse_qs(urlsplit(address).query)
    assert data == {"m": 1} and query["access_token"] == ["x"] and query["timestamp"] == ["1500"]
    digest = hmac.new(SECRET.encode(), f"1500\n{SECRET}".encode(), hashlib.sha256).digest()
    assert query["sign"] == [base64.b64encode(digest).decode()]


def test_feishu_signs_in_the_message() -> None:
    address, data = signed("feishu", SECRET, "https://a/hook", {"msg_type": "text"}, 1.5)
    digest = hmac.new(f"1\n{SECRET}".encode(), b"", hashlib.sha256).digest()
    expected = {"timestamp": "1", "sign": base64.b64encode(digest).decode(), "msg_type": "text"}
    assert (address, data) == ("https://a/hook", expected)


def test_a_secret_is_encrypted_and_never_shown(zone: Zone, group: str) -> None:
    robot = add(zone, group, "feishu", SECRET)
    assert SECRET not in robot.secret and SECRETS.opened(robot.secret) == SECRET
    notices.tell_group(robot=robot, key="k", subject="s", body="b")
    Group.answer = {"code": 0}
    assert notices.deliver() == (1, 0)
    assert "sign" in Group.got[0]
    page = zone.client("office").get("/notices/robots/").content.decode()
    assert SECRET not in page and robot.secret not in page
    changes = Entry.objects.filter(subject="notices_robot").values_list("changes", flat=True)
    assert changes and not any(robot.secret in str(one) for one in changes)


def test_wecom_has_no_secret(zone: Zone, group: str) -> None:
    with pytest.raises(UserError) as refused:
        add(zone, group, "wecom", SECRET)
    assert refused.value.field == "secret"


@given(st.sampled_from(Robot.Kind.values), st.text("电a\n", max_size=9_000))
def test_no_message_is_longer_than_its_platform_takes(kind: str, body: str) -> None:
    message = payload(kind, "标题", body)
    content = message.get("content", {}).get("text") or message.get("markdown", {})
    text = content if isinstance(content, str) else content.get("content") or content["text"]
    assert len(text.encode()) <= LIMITS[Robot.Kind(kind)].bytes
    whole = len(f"### 标题\n{body}".encode()) <= LIMITS[Robot.Kind(kind)].bytes
    assert text.endswith(body) if whole else text.endswith("……")


def test_twenty_a_minute_and_the_rest_later(zone: Zone, group: str) -> None:
    robot, other = add(zone, group), add(zone, group)
    for number in range(23):
        notices.tell_group(robot=robot, key=f"k{number}", subject="s", body="b")
    notices.tell_group(robot=other, key="k", subject="s", body="b")
    now = timezone.now()
    assert notices.deliver(now=now) == (21, 0)  # the other group does not wait for this one
    assert notices.deliver(now=now + dt.timedelta(seconds=30)) == (0, 0)
    assert notices.deliver(now=now + dt.timedelta(seconds=61)) == (3, 0)
    assert not Delivery.objects.exclude(status=Delivery.Status.SENT).exists()
    assert robot.kind == Robot.Kind.WECOM
