"""What regulations ask of party organisations: data with citation, computed and shown.

No rule stops anybody. Each has the regulation and article, the day from which it holds, how sure
we are of the text (`seen`: read in a page that quotes the article; `secondary`: from a page that
retells it; `disputed`: sources differ) and its parameters. Check the printed text before relying
on any.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class Certainty(StrEnum):
    SEEN = "seen"
    SECONDARY = "secondary"
    DISPUTED = "disputed"


CERTAINTY_LABELS: Mapping[Certainty, str | Promise] = {
    Certainty.SEEN: gettext_lazy("已见原文"),
    Certainty.SECONDARY: gettext_lazy("据转述，请核对原文"),
    Certainty.DISPUTED: gettext_lazy("说法不一，请核对原文"),
}


class Verdict(StrEnum):
    FULFILLED = "fulfilled"
    ATTENTION = "attention"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules look at, of one organisation on one day."""

    type: str
    formal: int
    probationary: int
    candidates: int
    spans: int
    community: bool
    term_started_on: dt.date | None

    @property
    def members(self) -> int:
        return self.formal + self.probationary


Judge = Callable[[Facts, Mapping[str, int], dt.date], tuple[bool, str]]


@dataclass(frozen=True, slots=True)
class Rule:
    """`judge` gives whether the rule is kept, and the sentence that says so."""

    key: str
    title: str | Promise
    regulation: str | Promise
    article: str | Promise
    effective_on: dt.date
    certainty: Certainty
    types: frozenset[str]
    parameters: Mapping[str, int]
    judge: Judge

    @property
    def citation(self) -> str:
        return _("《%(regulation)s》%(article)s") % {
            "regulation": self.regulation,
            "article": self.article,
        }


@dataclass(frozen=True, slots=True)
class Remark:
    rule: Rule
    verdict: Verdict
    sentence: str

    @property
    def certainty_label(self) -> str:
        return str(CERTAINTY_LABELS[self.rule.certainty])


BRANCH_RULES = gettext_lazy("中国共产党支部工作条例（试行）")
BRANCH_RULES_ON = dt.date(2018, 10, 28)
# Article 30 names need and number of members; the numbers are practice.
CONSTITUTION = gettext_lazy("中国共产党章程")
CONSTITUTION_ON = dt.date(1982, 9, 6)


def add_years(day: dt.date, years: int) -> dt.date:
    """The same day years later; 29 February becomes 28 February where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _minimum(facts: Facts, given: Mapping[str, int], on: dt.date) -> tuple[bool, str]:
    if facts.formal >= given["members"]:
        return True, _("有正式党员%(count)s名，可单独成立党支部。") % {"count": facts.formal}
    return False, _("有正式党员%(count)s名，不足%(least)s名：可与邻近单位成立联合党支部。") % {
        "count": facts.formal,
        "least": given["members"],
    }


def _general(facts: Facts, given: Mapping[str, int], on: dt.date) -> tuple[bool, str]:
    if facts.members <= given["members"]:
        return True, _("有党员%(count)s名，一般不超过%(most)s名。") % {
            "count": facts.members,
            "most": given["members"],
        }
    return False, _("有党员%(count)s名，超过%(most)s名：一般应成立党总支。") % {
        "count": facts.members,
        "most": given["members"],
    }


def _committee(facts: Facts, given: Mapping[str, int], on: dt.date) -> tuple[bool, str]:
    values = {"count": facts.members, "most": given["members"]}
    if facts.members <= given["members"]:
        return True, _("有党员%(count)s名，未超过%(most)s名。") % values
    return False, _("有党员%(count)s名，超过%(most)s名：一般应成立党委。") % values


def _spans(facts: Facts, given: Mapping[str, int], on: dt.date) -> tuple[bool, str]:
    values = {"count": facts.spans, "most": given["units"]}
    if facts.spans <= given["units"]:
        return True, _("覆盖%(count)s个单位，一般不超过%(most)s个。") % values
    return False, _("覆盖%(count)s个单位，超过一般的%(most)s个。") % values


def _no_admission(facts: Facts, given: Mapping[str, int], on: dt.date) -> tuple[bool, str]:
    if not facts.candidates:
        return True, _("没有在临时党支部发展党员。")
    return False, _(
        "有%(count)s名发展对象：临时党支部一般不发展党员，请由其正式组织关系所在党组织办理。"
    ) % {"count": facts.candidates}


def _term(facts: Facts, given: Mapping[str, int], on: dt.date) -> tuple[bool, str]:
    years = given["community_years"] if facts.community else given["years"]
    if facts.term_started_on is None:
        return False, _("还没有登记本届班子产生日期，无法推算换届时间。")
    due = add_years(facts.term_started_on, years)
    values = {"years": years, "due": due.isoformat()}
    if on < due:
        return True, _("任期%(years)s年，应于%(due)s前换届。") % values
    return False, _("任期%(years)s年，已于%(due)s届满，请按期换届。") % values


SINGLE = frozenset({"branch"})
SMALL = frozenset({"branch", "joint"})
ELECTED = frozenset({"branch", "joint", "general", "committee"})

RULES: dict[str, Rule] = {
    rule.key: rule
    for rule in (
        Rule(
            "minimum_members", gettext_lazy("单独成立党支部的人数"), BRANCH_RULES, gettext_lazy("第四条"),
            BRANCH_RULES_ON, Certainty.SEEN, SINGLE, {"members": 3}, _minimum,
        ),
        Rule(
            "general_branch_due", gettext_lazy("应成立党总支的人数"), BRANCH_RULES, gettext_lazy("第四条"),
            BRANCH_RULES_ON, Certainty.SECONDARY, SMALL, {"members": 50}, _general,
        ),
        Rule(
            "committee_due", gettext_lazy("应成立党委的人数"), CONSTITUTION,
            gettext_lazy("第三十条（人数为通行做法）"), CONSTITUTION_ON, Certainty.DISPUTED, SMALL | {"general"},
            {"members": 100}, _committee,
        ),
        Rule(
            "joint_spans", gettext_lazy("联合党支部覆盖的单位数"), BRANCH_RULES, gettext_lazy("第二章"),
            BRANCH_RULES_ON, Certainty.SECONDARY, frozenset({"joint"}), {"units": 5}, _spans,
        ),
        Rule(
            "temporary_admission", gettext_lazy("临时党支部不发展党员"), BRANCH_RULES, gettext_lazy("第二章"),
            BRANCH_RULES_ON, Certainty.SECONDARY, frozenset({"temporary"}), {}, _no_admission,
        ),
        Rule(
            "term", gettext_lazy("班子任期"), BRANCH_RULES, gettext_lazy("第六章"), BRANCH_RULES_ON,
            Certainty.SECONDARY, ELECTED, {"years": 3, "community_years": 5}, _term,
        ),
    )
}  # fmt: skip


def judge(facts: Facts, on: dt.date) -> Iterator[Remark]:
    """The remarks of the rules that hold for an organisation of that type on that day."""
    for rule in RULES.values():
        if facts.type in rule.types and rule.effective_on <= on:
            kept, sentence = rule.judge(facts, rule.parameters, on)
            yield Remark(rule, Verdict.FULFILLED if kept else Verdict.ATTENTION, sentence)
