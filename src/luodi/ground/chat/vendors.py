"""The three vendors as data: where one signs in, how one is known, how one is told, what errors mean.

Sources, as read in 2025: developer.work.weixin.qq.com (企业微信, paths 91022, 98152, 91023, 90236, 90313),
open.dingtalk.com (登录第三方网站, 工作通知), open.feishu.cn (authen v1 and v2, im/v1/messages). None was
asked from here: the wording is theirs, the tests' servers are ours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from luodi.ground.chat.wire import Asked

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Keys:
    """What an app is known by at its vendor. `corp`: CorpID, AppKey or App ID; `agent`: AgentId."""

    corp: str
    agent: str
    secret: str


@dataclass(frozen=True, slots=True)
class Card:
    """One message: a title, a line, a link; `buttons` as (key, label), `task` names it for the answer."""

    title: str
    line: str
    url: str
    task: str = ""
    buttons: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Vendor:
    """One platform.

    sign_in: the address that asks who one is (`inside`: within the client). token: what asks for the
    app's own token. who: from a code to (corp, userid), asked with `ask`. message: what sends a card.
    `faults`: an error code and what to do about it. code_of: the error code in an answer, 0 if none.
    """

    key: str
    label: str | Promise
    inside_mark: str
    sign_in: Callable[[Keys, str, str, bool], str]
    token: Callable[[Keys], Asked]
    said_in: str
    who: Callable[[Callable[[Asked], Json], Keys, str, str, str], tuple[str, str]]
    message: Callable[[Keys, str, str, Card], Asked]
    faults: Mapping[int, str | Promise]
    buttons: bool = False

    def code_of(self, answer: Json) -> int:
        code = answer.get("errcode", answer.get("code", 0))
        return code if isinstance(code, int) else -1


# --- 企业微信 -----------------------------------------------------------------------------------

WECOM_API = "https://qyapi.weixin.qq.com"


def _wecom_sign_in(keys: Keys, back: str, state: str, inside: bool) -> str:
    if inside:
        asked = {
            "appid": keys.corp,
            "redirect_uri": back,
            "response_type": "code",
            "scope": "snsapi_base",
            "state": state,
            "agentid": keys.agent,
        }
        address = "https://open.weixin.qq.com/connect/oauth2/authorize"
        return f"{address}?{urlencode(asked)}#wechat_redirect"
    asked = {
        "login_type": "CorpApp",
        "appid": keys.corp,
        "agentid": keys.agent,
        "redirect_uri": back,
        "state": state,
    }
    return f"https://login.work.weixin.qq.com/wwlogin/sso/login?{urlencode(asked)}"


def _wecom_who(
    ask: Callable[[Asked], Json], keys: Keys, token: str, code: str, back: str
) -> tuple[str, str]:
    query = urlencode({"access_token": token, "code": code})
    found = ask(Asked(f"{WECOM_API}/cgi-bin/auth/getuserinfo?{query}"))
    return keys.corp, str(found.get("userid") or found.get("UserId") or "")


def _wecom_message(keys: Keys, token: str, userid: str, card: Card) -> Asked:
    body: Json = {"touser": userid, "agentid": int(keys.agent or 0)}
    if card.buttons:
        body |= {
            "msgtype": "template_card",
            "template_card": {
                "card_type": "button_interaction",
                "main_title": {"title": card.title, "desc": card.line},
                "task_id": card.task,
                "card_action": {"type": 1, "url": card.url},
                "button_list": [{"text": label, "key": key} for key, label in card.buttons],
            },
        }
    else:
        body |= {
            "msgtype": "textcard",
            "textcard": {"title": card.title, "description": card.line, "url": card.url},
        }
    return Asked(f"{WECOM_API}/cgi-bin/message/send?{urlencode({'access_token': token})}", body)


def wecom_pressed(keys: Keys, token: str, userid: str, response: str, label: str) -> Asked:
    """What turns a pressed button into a word that says it was."""
    return Asked(
        f"{WECOM_API}/cgi-bin/message/update_template_card?{urlencode({'access_token': token})}",
        {
            "userids": [userid],
            "agentid": int(keys.agent or 0),
            "response_code": response,
            "button": {"replace_name": label[:14]},
        },
    )


WECOM = Vendor(
    key="wecom",
    label=_("企业微信"),
    inside_mark="wxwork",
    sign_in=_wecom_sign_in,
    token=lambda keys: Asked(
        f"{WECOM_API}/cgi-bin/gettoken?"
        + urlencode({"corpid": keys.corp, "corpsecret": keys.secret})
    ),
    said_in="access_token",
    who=_wecom_who,
    message=_wecom_message,
    buttons=True,
    faults={
        -1: _("企业微信忙，稍后会自动再试。"),
        40001: _("Secret 不对：请到企业微信管理后台的应用页重新复制。"),
        40013: _("企业 ID（CorpID）不对：请在管理后台“我的企业”页核对。"),
        40014: _("令牌已失效，下一次会自动重新取。"),
        42001: _("令牌已过期，下一次会自动重新取。"),
        40029: _("登录凭据已用过或已过期，请重新登录。"),
        40056: _("AgentId 不对：请在应用页核对。"),
        41001: _("没有令牌：请先让“取令牌”一项通过。"),
        45009: _("今天的调用次数已到上限，明天会继续；请减少其他程序的调用。"),
        50001: _("跳转地址的域名不是可信域名：请在应用的“网页授权及JS-SDK”里设置，端口也要一致。"),
        60011: _("应用没有这个权限，或对方不在应用的可见范围内：请在管理后台把他加进可见范围。"),
        60020: _("本站的出口地址不在“企业可信IP”里：请把上面显示的地址加进去。"),
        81013: _("接收人都不在应用的可见范围内，或已离职。"),
        82001: _("没有指定接收人。"),
        301002: _("没有权限操作这个应用：请核对 AgentId 和 Secret 是同一个应用的。"),
    },
)

# --- 钉钉 --------------------------------------------------------------------------------------

DING_API, DING_OLD = "https://api.dingtalk.com", "https://oapi.dingtalk.com"


def _ding_sign_in(keys: Keys, back: str, state: str, inside: bool) -> str:
    asked = {
        "client_id": keys.corp,
        "redirect_uri": back,
        "response_type": "code",
        "scope": "openid corpid",
        "state": state,
        "prompt": "consent",
    }
    return f"https://login.dingtalk.com/oauth2/auth?{urlencode(asked)}"


def _ding_who(
    ask: Callable[[Asked], Json], keys: Keys, token: str, code: str, back: str
) -> tuple[str, str]:
    """By unionId at the login, then by the userid that messages are sent to."""
    body = {
        "clientId": keys.corp,
        "clientSecret": keys.secret,
        "code": code,
        "grantType": "authorization_code",
    }
    got = ask(Asked(f"{DING_API}/v1.0/oauth2/userAccessToken", body))
    me = ask(
        Asked(
            f"{DING_API}/v1.0/contact/users/me",
            headers={"x-acs-dingtalk-access-token": str(got.get("accessToken", ""))},
        )
    )
    query = urlencode({"access_token": token})
    body = {"unionid": str(me.get("unionId", ""))}
    found = ask(Asked(f"{DING_OLD}/topapi/user/getbyunionid?{query}", body))
    result = found.get("result")
    return str(got.get("corpId") or keys.corp), str(
        result.get("userid", "") if isinstance(result, dict) else ""
    )


def _ding_message(keys: Keys, token: str, userid: str, card: Card) -> Asked:
    shown = {
        "title": card.title,
        "markdown": f"### {card.title}\n{card.line}",
        "single_title": str(_("打开")),
        "single_url": card.url,
    }
    return Asked(
        f"{DING_OLD}/topapi/message/corpconversation/asyncsend_v2?"
        + urlencode({"access_token": token}),
        {
            "agent_id": int(keys.agent or 0),
            "userid_list": userid,
            "msg": {"msgtype": "action_card", "action_card": shown},
        },
    )


DINGTALK = Vendor(
    key="dingtalk",
    label=_("钉钉"),
    inside_mark="DingTalk",
    sign_in=_ding_sign_in,
    token=lambda keys: Asked(
        f"{DING_OLD}/gettoken?" + urlencode({"appkey": keys.corp, "appsecret": keys.secret})
    ),
    said_in="access_token",
    who=_ding_who,
    message=_ding_message,
    faults={
        -1: _("钉钉忙，稍后会自动再试。"),
        88: _("应用没有这个权限：请在开放平台的“权限管理”里申请。"),
        40014: _("令牌已失效，下一次会自动重新取。"),
        40078: _("登录凭据已用过或已过期，请重新登录。"),
        40089: _("AppKey 或 AppSecret 不对：请在开放平台的应用页核对。"),
        60020: _("本站的出口地址不在“服务器出口IP”里：请把上面显示的地址加进去。"),
        60121: _("这个人不在企业通讯录里。"),
        90018: _("今天的调用次数已到上限，明天会继续。"),
    },
)

# --- 飞书 --------------------------------------------------------------------------------------

FEISHU_API = "https://open.feishu.cn/open-apis"


def _feishu_sign_in(keys: Keys, back: str, state: str, inside: bool) -> str:
    asked = {
        "client_id": keys.corp,
        "redirect_uri": back,
        "response_type": "code",
        "state": state,
    }
    return f"https://accounts.feishu.cn/open-apis/authen/v1/authorize?{urlencode(asked)}"


def _feishu_who(
    ask: Callable[[Asked], Json], keys: Keys, token: str, code: str, back: str
) -> tuple[str, str]:
    body = {
        "grant_type": "authorization_code",
        "client_id": keys.corp,
        "client_secret": keys.secret,
        "code": code,
        "redirect_uri": back,
    }
    got = ask(Asked(f"{FEISHU_API}/authen/v2/oauth/token", body))
    bearer = {"Authorization": f"Bearer {got.get('access_token', '')}"}
    me = ask(Asked(f"{FEISHU_API}/authen/v1/user_info", headers=bearer)).get("data")
    known = me if isinstance(me, dict) else {}
    return str(known.get("tenant_key", "")), str(known.get("open_id", ""))


def _feishu_message(keys: Keys, token: str, userid: str, card: Card) -> Asked:
    import json

    text = json.dumps({"text": f"{card.title}\n{card.line}\n{card.url}"}, ensure_ascii=False)
    return Asked(
        f"{FEISHU_API}/im/v1/messages?receive_id_type=open_id",
        {"receive_id": userid, "msg_type": "text", "content": text, "uuid": card.task},
        headers={"Authorization": f"Bearer {token}"},
    )


FEISHU = Vendor(
    key="feishu",
    label=_("飞书"),
    inside_mark="Lark",
    sign_in=_feishu_sign_in,
    token=lambda keys: Asked(
        f"{FEISHU_API}/auth/v3/tenant_access_token/internal",
        {"app_id": keys.corp, "app_secret": keys.secret},
    ),
    said_in="tenant_access_token",
    who=_feishu_who,
    message=_feishu_message,
    faults={
        -1: _("飞书忙，稍后会自动再试。"),
        10003: _("App ID 不对：请在开发者后台核对。"),
        10014: _("App Secret 不对：请在开发者后台核对。"),
        20003: _("登录凭据已用过或已过期，请重新登录。"),
        99991400: _("调用太频繁，稍后会自动再试。"),
        99991401: _("本站的出口地址不在 IP 白名单里：请在“安全设置”里加上。"),
        99991663: _("令牌已失效，下一次会自动重新取。"),
        99991672: _("应用没有这个权限：请在“权限管理”里开通并发布版本。"),
        230002: _("机器人不在会话里，或对方不在应用的可用范围内。"),
    },
)

VENDORS: dict[str, Vendor] = {one.key: one for one in (WECOM, DINGTALK, FEISHU)}
# An answer with one of these says that the token has ended in mid-request: it is fetched anew, once.
ENDED = {"wecom": {40014, 42001}, "dingtalk": {40014}, "feishu": {99991663}}
