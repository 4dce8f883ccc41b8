"""The pages of verbs: a form each, by one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import Verb, page_of
from luodi.ground.scope.api import Request, today
from luodi.rooms.care import api
from luodi.rooms.care.models import Note
from luodi.rooms.care.reading import bed_of, home_for
from luodi.rooms.care.verbs.family import answer
from luodi.rooms.care.views.finding import ABOUT, file_url, find, resident_of

Page = Callable[..., HttpResponseBase]
Given = Mapping[str, Any]
MONEY = {"receive_payment", "receive_deposit", "issue_bill", "settle_departure"}
# address, verb, heading, the part of the file to which one comes back
VERBS: tuple[tuple[str, Verb[..., Any], Any, str], ...] = (
    ("residents/<int:pk>/visit/", api.record_visit, _("登记参观"), "way"),
    ("residents/<int:pk>/withdraw/", api.withdraw_enquiry, _("不再考虑"), "way"),
    ("residents/<int:pk>/trial/", api.start_trial, _("试住"), "way"),
    ("residents/<int:pk>/admit/", api.admit, _("办理入住"), "way"),
    ("residents/<int:pk>/agreement/", api.renew_agreement, _("续签或变更协议"), "way"),
    ("residents/<int:pk>/leave/", api.leave, _("登记外出"), "way"),
    ("residents/<int:pk>/back/", api.come_back, _("登记返回"), "way"),
    ("residents/<int:pk>/move/", api.move_bed, _("调换床位"), "way"),
    ("residents/<int:pk>/depart/", api.depart, _("办理离院"), "way"),
    ("steps/<int:pk>/take-back/", api.take_back, _("撤销误登"), "way"),
    ("residents/<int:pk>/facts/new/", api.switch_on, _("登记事实"), "facts"),
    ("facts/<int:pk>/off/", api.switch_off, _("停止"), "facts"),
    ("residents/<int:pk>/contacts/new/", api.add_contact, _("添加联系人"), "contacts"),
    ("contacts/<int:pk>/answer/", answer, _("回复家属"), "contacts"),
    ("residents/<int:pk>/documents/", api.keep_documents, _("添加文件"), "documents"),
    ("residents/<int:pk>/photo/", api.set_picture, _("更换照片"), ""),
    ("residents/<int:pk>/assess/", api.begin_assessment, _("开始评估"), "assessments"),
    ("plans/<int:pk>/evaluate/", api.evaluate_plan, _("评价护理计划"), "plan"),
    ("residents/<int:pk>/observe/", api.observe, _("登记观察"), "observations"),
    ("residents/<int:pk>/note/", api.write_note, _("写护理记录"), "notes"),
    ("residents/<int:pk>/incident/", api.report_incident, _("报告意外事件"), "incidents"),
    ("incidents/<int:pk>/told/", api.tell_about, _("登记告知"), "incidents"),
    ("incidents/<int:pk>/follow-up/", api.follow_up, _("办结意外事件"), "incidents"),
    ("residents/<int:pk>/prescribe/", api.prescribe, _("登记医嘱用药"), "medicines"),
    ("prescriptions/<int:pk>/stop/", api.stop_prescription, _("停用"), "medicines"),
    ("prescriptions/<int:pk>/give/", api.give_needed, _("必要时给药"), "medicines"),
    ("doses/<int:pk>/leave-out/", api.leave_out, _("未给药"), "medicines"),
    ("doses/<int:pk>/effect/", api.check_effect, _("看效果"), "medicines"),
    ("residents/<int:pk>/stock/", api.stock_in, _("药品入库"), "medicines"),
    ("batches/<int:pk>/count/", api.count_stock, _("清点药品"), "medicines"),
    ("batches/<int:pk>/take-out/", api.take_out, _("退还或销毁药品"), "medicines"),
    ("residents/<int:pk>/pay/", api.receive_payment, _("收款"), ""),
    ("residents/<int:pk>/deposit/", api.receive_deposit, _("收押金"), ""),
    ("residents/<int:pk>/bill/", api.issue_bill, _("出账"), ""),
    ("residents/<int:pk>/settle/", api.settle_departure, _("离院结算"), ""),
    ("bills/<int:pk>/counter/", api.counter_bill, _("冲销账单"), ""),
    ("postings/<int:pk>/counter/", api.counter_posting, _("冲销"), ""),
)
# Made where a form is shown, so that it is not asked for twice.
NOW, TODAY = ("at",), ("on", "since", "until_day", "month")


def _heading(verb: Verb[..., Any], words: Any) -> Callable[[Given], str]:
    """Whom it is about stands in every heading: name, birth year, bed."""

    def heading(given: Given) -> str:
        person = resident_of(given[verb.on])
        bed = bed_of(person, today())
        where = f" · {bed.name}" if bed else ""
        return f"{words} · {person.name}（{person.born_on.year}）{where}"

    return heading


def _back(verb: Verb[..., Any], part: str) -> Callable[[Given], str]:
    def back(given: Given) -> str:
        person = resident_of(given[verb.on])
        if verb.permission == "care.money":
            return reverse("care:account", args=[person.pk])
        if verb.on == "incident":
            return reverse("care:incident", args=[given["incident"].pk])
        return file_url(person, part)

    return back


def _initial(request: Request, given: Given) -> Given:
    """Now and today, which most things are about; of what the address says, the outcome."""
    return {
        "at": timezone.now(),
        "on": today(),
        "since": today(),
        "until": today() if "fact" in given else None,
        "month": today(),
        "outcome": request.GET.get("outcome", ""),
        "state": request.GET.get("state", ""),
        "kind": request.GET.get("kind", ""),
    }


def page(verb: Verb[..., Any], words: Any, part: str) -> Page:
    """The page of one verb."""
    return page_of(
        verb,
        heading=_heading(verb, words),
        back=_back(verb, part),
        find=lambda request, pk: {verb.on: find(ABOUT[verb.on], pk)},
        initial=_initial,
        done=_done(verb),
    )


def _done(verb: Verb[..., Any]) -> Callable[[Any], str] | None:
    if verb is api.begin_assessment:
        return lambda made: reverse("care:assessment", args=[made.pk])
    if verb is api.report_incident:
        return lambda made: reverse("care:incident", args=[made.pk])
    if verb is api.issue_bill:
        return lambda made: reverse("care:bill", args=[made.pk])
    return None


new_enquiry = page_of(
    api.enquire,
    heading=_("登记咨询"),
    back=lambda given: reverse("care:residents"),
    initial=lambda request, given: {
        "unit": home_for(request.actor, "care.admit").name,
        "on": today(),
    },
    done=lambda made: file_url(made),
)
new_handover = page_of(
    api.hand_over_shift,
    heading=_("交班"),
    back=lambda given: reverse("care:handovers"),
    find=lambda request: {"unit": home_for(request.actor, "care.round")},
    initial=lambda request, given: {"on": today(), "shift": request.GET.get("shift", "day")},
    done=lambda made: reverse("care:handover", args=[made.pk]),
)
answer_act = page_of(
    api.confirm,
    heading=lambda given: _heading(api.confirm, given["due"].act.text)(given),
    back=lambda given: reverse("care:round") + f"#p{given['due'].resident_id}",
    find=lambda request, pk: {"due": find(ABOUT["due"], pk)},
    initial=_initial,
)

replace_note = page_of(
    api.write_note,
    heading=lambda given: _heading(api.write_note, _("替换护理记录"))(given),
    back=lambda given: file_url(given["resident"], "notes"),
    find=lambda request, pk: _noted(pk),
    initial=lambda request, given: {"text": given["replaces"].text, "at": given["replaces"].at},
)


def _noted(pk: int) -> Given:
    note = find(Note, pk)
    return {"resident": note.resident, "replaces": note}


def paths() -> list[URLPattern]:
    """The addresses of all of them, each under the name of its verb."""
    return [path(at, page(verb, words, part), name=verb.name) for at, verb, words, part in VERBS]
