"""Chat platforms: signing in, being told, pressing a button; and every way in which a vendor fails."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from tests.zone import Zone

from luodi.ground.chat import api
from luodi.ground.chat.models import Binding, ChatApp, Told
from luodi.ground.chat.talking import Refused, token_of
from luodi.ground.chat.telling import send_waiting
from luodi.ground.chat.tests.standins import KEY, Platform, platform, sealed, signature
from luodi.ground.chat.vendors import VENDORS
from luodi.ground.chat.wire import NoAnswer
from luodi.ground.notices.api import pass_on
from luodi.ground.scope.api import SYSTEM, acting
from luodi.lib.errors import NotAllowed, Stale, UserError
from luodi.rooms.casework import api as casework
from luodi.rooms.casework.models import Case

TOKEN = {"errcode": 0, "access_token": "t-1", "expires_in": 7200}
SENT = {"errcode": 0, "errmsg": "ok"}


@pytest.fixture
def vendor(settings: Any) -> Iterator[Platform]:
    cache.clear()
    with platform() as stand_in:
        settings.CHAT_STANDIN, settings.WEBHOOK_TIMEOUT = stand_in.address, 3.0
        settings.SITE_URL = "http://testserver"
        stand_in.say("/cgi-bin/gettoken", TOKEN)
        stand_in.say("/cgi-bin/auth/getuserinfo", {"errcode": 0, "userid": "wang"})
        stand_in.say("/cgi-bin/message/send", SENT)
        stand_in.say("/cgi-bin/message/update_template_card", SENT)
        yield stand_in


@pytest.fixture
def app(zone: Zone, vendor: Platform) -> ChatApp:
    return api.keep_app(
        actor=zone.actor("system_admin"),
        app=None,
        vendor="wecom",
        corp="ww1",
        agent="1000002",
        secret="s",
        token="tok",
        aes_key=KEY,
        proof_name="WW_verify_abcd1234.txt",
        proof_text="abcd1234",
        is_active=True,
    )


def bound(zone: Zone, app: ChatApp, role: str, userid: str) -> Binding:
    with acting(zone.actor(role)) as actor:
        return api.bind(actor=actor, app=app, corp="ww1", userid=userid)


def come_back(client: Client, app: ChatApp, agent: str = "", after: str = "/notices/") -> Any:
    """To the vendor and back, as the browser goes."""
    there = client.get(f"/chat/{app.pk}/in/?next={after}", headers={"user-agent": agent})
    state = parse_qs(urlsplit(there["Location"]).query)["state"][0]
    return client.get(f"/chat/{app.pk}/back/?code=c&state={state}"), state


# --- signing in -------------------------------------------------------------------------------


def test_who_is_bound_signs_in(zone: Zone, app: ChatApp) -> None:
    bound(zone, app, "instructor", "wang")
    client = Client()
    page = client.get("/accounts/login/").content.decode()
    assert "用企业微信登录" in page
    answer, state = come_back(client, app)
    assert answer["Location"] == "/notices/"
    assert client.get("/notices/").status_code == 200
    # the state was for once, and for this browser
    assert client.get(f"/chat/{app.pk}/back/?code=c&state={state}")["Location"] == "/"
    stranger = Client()
    stranger.get(f"/chat/{app.pk}/in/")
    again = stranger.get(f"/chat/{app.pk}/back/?code=c&state={state}", follow=True)
    assert "已经失效" in again.content.decode()
    assert not again.wsgi_request.user.is_authenticated


def test_inside_the_client_and_by_code(zone: Zone, app: ChatApp) -> None:
    outside = Client().get(f"/chat/{app.pk}/in/")["Location"]
    inside = Client().get(f"/chat/{app.pk}/in/", headers={"user-agent": "x wxwork/4.1"})["Location"]
    assert outside.startswith("https://login.work.weixin.qq.com/wwlogin/sso/login?")
    assert inside.startswith("https://open.weixin.qq.com/connect/oauth2/authorize?")
    assert inside.endswith("#wechat_redirect") and "snsapi_base" in inside
    for next_to in ("//evil.example", "https://evil.example", "javascript:x"):
        client = Client()
        client.get(f"/chat/{app.pk}/in/?next={next_to}")
        assert client.session["chat-state"]["next"] == "/"


def test_a_new_one_binds_after_the_password(zone: Zone, app: ChatApp) -> None:
    client = Client()
    answer, _state = come_back(client, app)
    assert answer["Location"].startswith("/accounts/login/")
    assert client.get("/chat/mine/").status_code == 302  # nobody yet
    client.force_login(zone.accounts["instructor"])
    session = client.session
    session["chat-known"] = {"app": app.pk, "corp": "ww1", "userid": "wang", "at": 0}
    session.save()
    client.post("/chat/mine/", {"app": app.pk})  # too late
    with acting(SYSTEM):
        assert not Binding.objects.exists()
    # signed in: through the vendor once more, and then it is bound
    there = client.get(f"/chat/{app.pk}/in/?bind=1")
    state = parse_qs(urlsplit(there["Location"]).query)["state"][0]
    assert client.get(f"/chat/{app.pk}/back/?code=c&state={state}")["Location"] == "/chat/mine/"
    assert "wang" in client.get("/chat/mine/").content.decode()
    client.post("/chat/mine/", {"app": app.pk})
    with acting(SYSTEM):
        assert Binding.objects.get().account_id == zone.accounts["instructor"].pk
    client.post("/chat/mine/", {"app": app.pk, "end": "1"})
    with acting(SYSTEM):
        assert not Binding.objects.exists()


def test_a_userid_is_one_accounts(zone: Zone, app: ChatApp) -> None:
    bound(zone, app, "instructor", "wang")
    with pytest.raises(UserError, match="另一个登录名"):
        bound(zone, app, "office", "wang")
    bound(zone, app, "instructor", "wang2")  # invited anew: the former one ends
    with acting(SYSTEM):
        assert [one.userid for one in Binding.objects.all()] == ["wang2"]


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ({"errcode": 40029, "errmsg": "invalid code"}, "40029"),
        ({"errcode": 60020, "errmsg": "not allow to access from your ip"}, "企业可信IP"),
        ({"errcode": 12345, "errmsg": "new one"}, "12345"),
        ({"errcode": 0, "openid": "o-1"}, "不是本企业的成员"),
        (b"<html>", "no JSON"),
        (b"[]", "no JSON object"),
        ("hang up", "RemoteDisconnected"),
    ],
)
def test_no_fault_of_the_vendor_locks_anybody_out(
    app: ChatApp, vendor: Platform, answer: Any, says: str
) -> None:
    vendor.say("/cgi-bin/auth/getuserinfo", answer)
    client = Client()
    back, _state = come_back(client, app)
    page = client.get(back["Location"]).content.decode()
    assert says in page and "也可以用登录名和密码登录" in page and 'name="password"' in page


def test_who_left_comes_in_no_more(zone: Zone, app: ChatApp) -> None:
    bound(zone, app, "instructor", "wang")
    account = zone.accounts["instructor"]
    account.is_active = False
    with acting(SYSTEM):
        account.save()
    answer, _state = come_back(Client(), app)
    assert answer["Location"].startswith("/accounts/login/")


# --- the token --------------------------------------------------------------------------------


def test_a_token_is_fetched_once_and_anew_when_it_ended(app: ChatApp, vendor: Platform) -> None:
    assert token_of(app) == token_of(app) == "t-1"
    assert len(vendor.of("/gettoken")) == 1
    vendor.say("/cgi-bin/gettoken", {**TOKEN, "access_token": "t-2"})
    vendor.say(
        "/cgi-bin/auth/getuserinfo",
        {"errcode": 42001, "errmsg": "expired"},
        {"errcode": 0, "userid": "wang"},
    )
    come_back(Client(), app)
    assert len(vendor.of("/gettoken")) == 2 and token_of(app) == "t-2"
    vendor.say("/cgi-bin/gettoken", {"errcode": 40001, "errmsg": "invalid credential"})
    with pytest.raises(Refused, match="Secret 不对"):
        token_of(app, fresh=True)


# --- being told -------------------------------------------------------------------------------


def raised(zone: Zone) -> Case:
    return casework.raise_problem(
        actor=zone.actor("liaison"), unit=zone.enterprise, text="示例：夜里停电，张三（示例）受伤。"
    )


def told(zone: Zone) -> Told:
    with acting(SYSTEM):
        pass_on(timezone.now())
        return Told.objects.get()


def test_a_card_says_no_more_than_a_number(zone: Zone, app: ChatApp, vendor: Platform) -> None:
    bound(zone, app, "instructor", "wang")
    case = raised(zone)
    told(zone)
    told(zone)  # passed on once
    assert send_waiting() == (1, 0)
    assert send_waiting() == (0, 0)
    [body] = vendor.of("/message/send")
    card = body["template_card"]
    assert body["touser"] == "wang" and case.code in card["main_title"]["title"]
    assert "停电" not in str(body) and "张三" not in str(body)
    assert [one["key"] for one in card["button_list"]] == ["receive"]
    assert f"next=/cases/{case.code}/" in card["card_action"]["url"]


@pytest.mark.parametrize(
    ("answer", "status", "says"),
    [
        ({"errcode": 45009, "errmsg": "limit"}, "waiting", "上限"),
        ({"errcode": 0, "errmsg": "ok", "invaliduser": "wang"}, "waiting", "可见范围"),
        ("hang up", "unsure", "Disconnected"),
        (b"no json", "unsure", "JSON"),
    ],
)
def test_what_did_not_arrive_is_said(
    zone: Zone, app: ChatApp, vendor: Platform, answer: Any, status: str, says: str
) -> None:
    bound(zone, app, "instructor", "wang")
    raised(zone)
    told(zone)
    vendor.say("/cgi-bin/message/send", answer)
    assert send_waiting() == (0, 1)
    with acting(SYSTEM):
        one = Told.objects.get()
    assert one.status == status and says in one.said
    assert send_waiting() == (0, 0)  # later, or never by itself


# --- the button -------------------------------------------------------------------------------


def call(app: ChatApp, told: Told, userid: str = "wang", key: str = "receive", **wrong: str) -> Any:
    event = (
        f"<xml><ToUserName><![CDATA[ww1]]></ToUserName><FromUserName><![CDATA[{userid}]]>"
        "</FromUserName><MsgType><![CDATA[event]]></MsgType>"
        "<Event><![CDATA[template_card_event]]></Event>"
        f"<EventKey><![CDATA[{key}]]></EventKey><TaskId><![CDATA[luodi-{told.pk}]]></TaskId>"
        "<ResponseCode><![CDATA[r-1]]></ResponseCode><CreateTime>1</CreateTime></xml>"
    )
    cipher = sealed(event, wrong.get("corp", "ww1"))
    asked = {
        "timestamp": "1",
        "nonce": "n",
        "msg_signature": wrong.get("signature") or signature("tok", "1", "n", cipher),
    }
    body = f"<xml><ToUserName>ww1</ToUserName><Encrypt><![CDATA[{cipher}]]></Encrypt></xml>"
    return Client().post(
        f"/chat/{app.pk}/called/", body, content_type="text/xml", query_params=asked
    )


def test_accepting_from_the_chat(zone: Zone, app: ChatApp, vendor: Platform) -> None:
    bound(zone, app, "instructor", "wang")
    case = raised(zone)
    one = told(zone)
    assert call(app, one, userid="somebody").status_code == 200
    assert call(app, one, key="close").status_code == 200
    with acting(SYSTEM):
        assert Case.objects.get(pk=case.pk).state == case.state
    assert call(app, one).status_code == 200
    with acting(SYSTEM):
        case = Case.objects.get(pk=case.pk)
    assert case.state == "received" or case.lead_account_id == zone.accounts["instructor"].pk
    assert case.lead_account_id == zone.accounts["instructor"].pk
    call(app, one)  # again: nothing twice
    words = [body["button"]["replace_name"] for body in vendor.of("/update_template_card")]
    assert words[-2:] == ["已受理", "已经办过了。"] and "这条消息不是发给您的" in words[0]


def test_nobody_else_presses(zone: Zone, app: ChatApp) -> None:
    bound(zone, app, "instructor", "wang")
    case = raised(zone)
    one = told(zone)
    assert call(app, one, signature="0" * 40).status_code == 403
    assert call(app, one, corp="ww2").status_code == 403
    for body in (b"", b"<xml></xml>", b"<xml><Encrypt>x</Encrypt></xml>", b"\xff" * 100):
        answer = Client().post(f"/chat/{app.pk}/called/", body, content_type="text/xml")
        assert answer.status_code == 403
    with acting(SYSTEM):
        assert Case.objects.get(pk=case.pk).state == case.state


def test_the_vendor_proves_our_address(app: ChatApp) -> None:
    cipher = sealed("hello", "ww1")
    asked = {"timestamp": "1", "nonce": "n", "echostr": cipher}
    fine = {**asked, "msg_signature": signature("tok", "1", "n", cipher)}
    assert Client().get(f"/chat/{app.pk}/called/", fine).content == b"hello"
    assert Client().get(f"/chat/{app.pk}/called/", asked).status_code == 403
    assert Client().get("/WW_verify_abcd1234.txt").content == b"abcd1234"
    assert Client().get("/WW_verify_other.txt").status_code == 404


# --- the operator -----------------------------------------------------------------------------


def test_the_self_test_goes_from_red_to_green(
    zone: Zone, app: ChatApp, vendor: Platform, live_proof: None, settings: Any
) -> None:
    admin = zone.client("system_admin")
    vendor.say("/cgi-bin/gettoken", {"errcode": 40001, "errmsg": "invalid credential"})
    page = admin.post(f"/admin/chat/{app.pk}/check/").content.decode()
    assert "3 项要处理" in page and "Secret 不对" in page and "先从这个平台登录一次" in page
    assert "LUODI_SITE_URL" in page
    settings.SITE_URL = "https://testserver"
    vendor.say("/cgi-bin/gettoken", TOKEN)
    bound(zone, app, "system_admin", "admin")
    vendor.say(
        "/cgi-bin/message/send",
        {"errcode": 60020, "errmsg": "not allow to access from your ip, from ip: 203.0.113.9"},
    )
    page = admin.post(f"/admin/chat/{app.pk}/check/").content.decode()
    assert "1 项要处理" in page and "203.0.113.9" in page and "企业可信IP" in page
    vendor.say("/cgi-bin/message/send", SENT)
    assert "一切正常" in admin.post(f"/admin/chat/{app.pk}/check/").content.decode()


@pytest.fixture
def live_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    """The verification file as the test's own site gives it; nothing listens at its address."""
    monkeypatch.setattr("luodi.ground.chat.checking._proof", lambda app, actor: "")


def test_secrets_are_written_and_never_shown(zone: Zone, app: ChatApp) -> None:
    admin = zone.actor("system_admin")
    given = {"vendor": "wecom", "corp": "ww1", "agent": "1000002", "is_active": True}
    kept = api.keep_app(actor=admin, app=app, version=1, secret="", **given)
    assert kept.keys.secret == "s" and kept.version == 2 and kept.secret != "s"
    with pytest.raises(Stale):
        api.keep_app(actor=admin, app=app, version=1, secret="x", **given)
    with pytest.raises(UserError, match="已经设置过"):
        api.keep_app(actor=admin, app=None, secret="x", **given)
    with pytest.raises(NotAllowed):
        api.keep_app(actor=zone.actor("office"), app=app, version=2, secret="x", **given)


@pytest.mark.parametrize("key", ["dingtalk", "feishu"])
def test_the_other_two(zone: Zone, vendor: Platform, key: str) -> None:
    vendor.say("/gettoken", TOKEN)
    vendor.say(
        "/open-apis/auth/v3/tenant_access_token/internal",
        {"code": 0, "tenant_access_token": "t-1", "expire": 7200},
    )
    vendor.say("/v1.0/oauth2/userAccessToken", {"accessToken": "a", "corpId": "ding1"})
    vendor.say("/v1.0/contact/users/me", {"unionId": "u-1"})
    vendor.say("/topapi/user/getbyunionid", {"errcode": 0, "result": {"userid": "wang"}})
    vendor.say("/open-apis/authen/v2/oauth/token", {"code": 0, "access_token": "a"})
    vendor.say(
        "/open-apis/authen/v1/user_info",
        {"code": 0, "data": {"tenant_key": "ten1", "open_id": "wang"}},
    )
    vendor.say("/topapi/message/corpconversation/asyncsend_v2", SENT)
    vendor.say("/open-apis/im/v1/messages", {"code": 0, "msg": "success"})
    corp = {"dingtalk": "ding1", "feishu": "ten1"}[key]
    other = api.keep_app(
        actor=zone.actor("system_admin"),
        app=None,
        vendor=key,
        corp="app1",
        agent="7",
        secret="s",
        is_active=True,
    )
    with acting(zone.actor("instructor")) as actor:
        api.bind(actor=actor, app=other, corp=corp, userid="wang")
    client = Client()
    answer, _state = come_back(client, other)
    assert answer["Location"] == "/notices/" and VENDORS[key].buttons is False
    raised(zone)
    told(zone)
    assert send_waiting() == (1, 0)


def test_a_vendor_that_is_not_there(app: ChatApp, settings: Any) -> None:
    settings.CHAT_STANDIN = "http://127.0.0.1:9"
    with pytest.raises(NoAnswer):
        token_of(app, fresh=True)
