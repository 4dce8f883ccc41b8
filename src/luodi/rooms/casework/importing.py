"""Problems from an Excel sheet: checked row by row first, then all of them or none."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luodi.ground.imports.api import Importer, Line, units_named
from luodi.ground.scope.api import Actor, UnitKind, units_of
from luodi.lib.errors import UserError
from luodi.lib.excel import Column, Kind, Question, Row, Sheet
from luodi.lib.names import common_form
from luodi.lib.sentences import Sentence, SentenceError
from luodi.rooms.casework.models import Case, Category
from luodi.rooms.casework.standing import known_to
from luodi.rooms.casework.verbs.raising import History, Report, begin_all, reported_to

SOLVED, CLOSED, OPEN = "solved", "closed", "open"
STATES = {
    SOLVED: "办结 已办结 完成 已完成 解决 已解决 销号 已销号 已整改 已答复 已办理 办理完毕 solved closed done",
    CLOSED: "终止 已终止 无法解决 不予受理 已撤回 不属实 unsolved",
    OPEN: "办理中 在办 正在办理 未办结 未完成 未解决 处理中 进行中 推进中 正在推进 已受理 待受理 待办 open",
}
WORDS = {common_form(word): state for state, words in STATES.items() for word in words.split()}
COUNT = Question(
    "history",
    Sentence(
        "表里有已办结的历史问题，计不计入统计？",
        "The file has problems that have ended long since.",
    ),
    (
        (
            Case.Channel.HISTORY.value,
            Sentence("计入：按它们自己的日期", "Count them, by their own dates"),
        ),
        (
            Case.Channel.ARCHIVE.value,
            Sentence("不计入，只供查阅", "Only keep them to be looked up"),
        ),
    ),
    kept=False,
)


def _state(text: str) -> str:
    state = WORDS.get(common_form(text))
    if state is None:
        raise SentenceError(
            "不认识这种状态；可填：办理中、已办结、已终止。",
            "Unknown state; one of: open, solved, unsolved.",
        )
    return state


SHEET = Sheet(
    "问题",
    "Problems",
    (
        Column(
            "unit", "企业", "Enterprise", required=True, width=28, example="示例甲公司",
            synonyms=("企业名称", "单位", "单位名称", "反映企业"),
        ),
        Column(
            "text", "问题", "Problem", required=True, width=60, example="示例：夜班用电负荷不够",
            synonyms=("问题内容", "反映问题", "问题描述", "存在问题", "诉求", "事项", "诉求内容"),
        ),
        Column("reporter_name", "反映人", "Reporter", required=True, example="示例赵",
               synonyms=("联系人", "反映人姓名", "姓名")),
        Column("reporter_phone", "联系电话", "Telephone", kind=Kind.CODE, example="13800000000",
               synonyms=("电话", "手机", "手机号", "联系方式")),
        Column("category", "类别", "Category", example="生产经营", synonyms=("问题类别", "问题类型")),
        Column(
            "raised_at", "反映时间", "Raised at", Kind.DATETIME,
            help=Sentence("以前的台账才填。", "Of former ledgers only."),
            synonyms=("反映日期", "提出时间", "登记时间", "收到时间"),
        ),
        Column("received_at", "受理时间", "Received at", Kind.DATETIME,
               synonyms=("受理日期", "接收时间", "交办时间")),
        Column(
            "state", "办理状态", "State", parse=_state, synonyms=("状态", "办理情况", "进展", "是否办结"),
            help=Sentence("办理中、已办结或已终止。", "open, solved or unsolved."),
        ),
        Column("ended_at", "办结时间", "Ended at", Kind.DATETIME,
               synonyms=("办结日期", "完成时间", "解决时间", "销号时间")),
        Column("result", "办理结果", "Result", width=40, synonyms=("处理结果", "解决情况", "结果")),
        Column("lead", "责任单位", "Unit in charge", synonyms=("主办单位", "牵头单位", "承办单位")),
    ),
)  # fmt: skip


def _day(moment: dt.datetime) -> str:
    return str(timezone.localdate(moment))


def _mark(unit: int, text: str) -> bytes:
    """Stands for a unit's problem: sixteen bytes, however long the text."""
    return hashlib.blake2b(f"{unit}\n{text}".encode(), digest_size=16).digest()


class Problems(Importer):
    """Checks and writes batches of problems for one actor, who may receive those of these
    enterprises only and is each one's first receiver.

    A problem that stands open already, or further up in the file, is not raised again, so that the
    same file twice is the same problems once.
    """

    title = gettext_lazy("问题")
    updates = gettext_lazy(
        "一行一个新问题，由您受理。同一家企业还没有办结的同样的问题不会再登记一遍。"
    )
    subject = ("casework_case", "")

    def __init__(self, actor: Actor, which: str = "", at: dt.datetime | None = None) -> None:
        super().__init__(actor)
        actor.require("imports.run")
        self.at, self.sheet, self.back = at or timezone.now(), SHEET, reverse("cases:problems")
        self.known: set[bytes] = set()
        self.seen: dict[bytes, int] = {}

    def begin(self) -> None:
        units = units_of(self.actor, "cases.receive").filter(kind=UnitKind.ENTERPRISE)
        self.units = units_named(units)
        self.categories = {
            common_form(name): one
            for one in known_to(self.actor, Category.objects.all())
            for name in (one.name, one.name_en)
            if name
        }

    def prepare(self, rows: Sequence[Row]) -> None:
        """Marks the open problems that rows of the batch may speak of."""
        named = {str(row.values["unit"]) for row in rows}
        units = {unit.pk for name in named for unit in self.units.named(name)}
        texts = {str(row.values["text"]).strip() for row in rows}
        found = Case.objects.filter(unit_id__in=units, text__in=texts)
        there = found.values_list("unit_id", "text", "raised_at", "closed_at", "channel")
        for pk, said, raised, closed, channel in there:
            if closed is None:
                self.known.add(_mark(pk, said))
            elif channel in (Case.Channel.HISTORY, Case.Channel.ARCHIVE):
                self.known.add(_mark(pk, f"{_day(raised)}{said}"))

    def take(self, line: Line) -> None:
        values = line.values
        unit = self.units.find(
            line, "unit", "没有这家企业，或不归您管。", "No such enterprise, or not one of yours."
        )
        category = self.categories.get(common_form(str(values["category"] or "")))
        if values["category"] and category is None:
            names = sorted({one.name for one in self.categories.values()})
            accepted = Sentence(f"可填：{'、'.join(names)}。", f"One of: {', '.join(names)}.")
            line.problem("category", "没有这个类别。", "No such category.", accepted)
        history = self._history(line)
        if unit is None or line.problems:
            return
        channel = Case.Channel.HISTORY if history else Case.Channel.EXCEL
        if history and history.ended_at:
            channel = Case.Channel(self.ask(line, COUNT) or channel)
        try:
            line.plan = reported_to(
                actor=self.actor,
                unit=unit,
                text=str(values["text"]),
                reporter_name=str(values["reporter_name"]),
                reporter_phone=str(values["reporter_phone"] or ""),
                category=category,
                channel=channel,
                history=history,
            )
        except UserError as error:
            line.refuse(error, "text")
        else:
            self._once(line, line.plan)

    def _history(self, line: Line) -> History | None:
        """What the row tells of former days; None where the problem is raised now."""
        values = line.values
        raised, received, ended = (
            timezone.make_aware(values[key]) if values[key] else None
            for key in ("raised_at", "received_at", "ended_at")
        )
        state = values["state"] or (SOLVED if ended else OPEN)
        if state != OPEN and ended is None:
            line.problem("ended_at", "已办结的要有办结时间。", "What has ended needs its day.")
        if state == OPEN and ended is not None:
            line.problem(
                "state", "有办结时间，状态却是未办结。", "It has ended, but is said to be open."
            )
        if raised is None and (received or ended or state != OPEN):
            line.problem("raised_at", "要有反映时间。", "When it was raised is missing.")
        known = [day for day in (raised, received, ended, self.at) if day]
        if known != sorted(known):
            line.problem(
                "raised_at",
                "反映、受理、办结的时间前后不对，或还没有到。",
                "The days are not in order, or are to come.",
            )
        if raised is None or line.problems:
            return None
        told = [str(values["result"] or "")]
        if values["lead"]:
            told.append(_("责任单位：%(unit)s。") % {"unit": values["lead"]})
        return History(
            raised_at=raised,
            received_at=received or raised,
            ended_at=ended,
            outcome=CLOSED if state == CLOSED else SOLVED,
            result="\n".join(filter(None, told)),
        )

    def _once(self, line: Line, report: Report) -> None:
        ended = report.history is not None and report.history.ended_at is not None
        day = _day(report.history.raised_at) if report.history and ended else ""
        mark = _mark(report.unit.pk, f"{day}{report.text}")
        first = self.seen.setdefault(mark, line.row.number)
        if mark in self.known:
            line.left = (
                Sentence("同样的历史问题已有。", "The same was brought in before.")
                if ended
                else Sentence("同样的问题正在办理。", "The same problem is open already.")
            )
        elif first != line.row.number:
            line.left = Sentence(f"与第 {first} 行相同。", f"The same as row {first}.")

    def write(self, lines: Sequence[Line]) -> None:
        begin_all(self.actor, [line.plan for line in lines], self.at, received=True)
