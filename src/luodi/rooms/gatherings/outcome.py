"""How a vote came out, in words: what was needed, of what, by which rule."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from luodi.rooms.directory.api import Certainty
from luodi.rooms.gatherings.kinds import in_language
from luodi.rooms.gatherings.kinds.votes import Rule, rules
from luodi.rooms.gatherings.models import Candidate, Gathering, Vote


def base_words(base: str) -> str:
    """What a majority is taken of, in words."""
    words = {
        "entitled": _("应到有表决权人数"),
        "present": _("实到有表决权人数"),
        "cast": _("赞成和反对的有效票"),
    }
    return words.get(base, base)


def certainty_words(certainty: str) -> str:
    """How sure we are of a rule's words."""
    words = {
        Certainty.SEEN: _("已见原文"),
        Certainty.SECONDARY: _("据转述，请核对原文"),
        Certainty.DISPUTED: _("说法不一，请核对原文"),
    }
    return words[Certainty(certainty)]


@dataclass(frozen=True, slots=True)
class Told:
    """A vote as a page shows it."""

    vote: Vote
    rule: str
    result: str
    why: tuple[str, ...]
    source: str
    certainty: str
    candidates: tuple[Candidate, ...]
    hint: str = ""


def told_votes(gathering: Gathering) -> list[Told]:
    """The votes of a gathering, in their order, each with its result and the reason of it."""
    rows = gathering.votes.prefetch_related("candidates", "ballots__person")
    return [told(one) for one in rows]


def told(vote: Vote) -> Told:
    """A vote in words; of a closed one, by the rule as it was then."""
    rule, kept = rules().get(vote.rule), vote.judged
    candidates = tuple(vote.candidates.all())
    if vote.state == Vote.State.OPEN or not kept:
        name, source = str(rule or vote.rule), str(rule.source) if rule else ""
        certainty = certainty_words(rule.source.certainty) if rule else ""
        hint = _few(rule, vote, candidates)
        return Told(vote, name, "", (), source, certainty, candidates, hint)
    name = in_language(kept["rule"]["name"], kept["rule"]["name_en"])
    sure = certainty_words(kept["certainty"])
    return Told(vote, name, _result(vote), why(vote), kept["source"], sure, candidates)


def _few(rule: Rule | None, vote: Vote, candidates: tuple[Candidate, ...]) -> str:
    """That an election has fewer candidates than the rule says."""
    if rule is None or rule.more_candidates is None or not vote.seats:
        return ""
    wanted = vote.seats * (1 + rule.more_candidates)
    if len(candidates) >= wanted:
        return ""
    least = -(-wanted.numerator // wanted.denominator)
    said = _("差额一般不少于应选人数的20%%：应有 %(least)s 名候选人，现有 %(count)s 名。")
    return said % {"least": least, "count": len(candidates)}


def _result(vote: Vote) -> str:
    kept = vote.judged
    if not kept["quorate"]:
        return _("到会人数不足，无效")
    if "elected" not in kept:
        return _("通过") if vote.carried else _("未通过")
    names = _("、").join(kept["elected"])
    return _("当选：%(names)s") % {"names": names} if names else _("无人当选")


def why(vote: Vote) -> tuple[str, ...]:
    """Why it carried or not: the quorum, then the majority."""
    kept, entitled = vote.judged, len(vote.entitled)
    quorum = _("有表决权 %(entitled)s 人，实到 %(present)s 人，至少应到 %(quorum)s 人。")
    words = {"entitled": entitled, "present": vote.present, "quorum": kept["quorum"]}
    found = [quorum % words]
    if not kept["quorate"]:
        return tuple(found)
    of = {"base": base_words(kept["base"]), "of": kept["of"], "needed": kept["needed"]}
    if "elected" in kept:
        found.append(_("以%(base)s %(of)s 为基数，当选至少 %(needed)s 票。") % of)
        if kept["tied"]:
            tied = {"names": _("、").join(kept["tied"])}
            found.append(_("%(names)s得票相同，名额不够，应再次投票。") % tied)
    else:
        said = _("以%(base)s %(of)s 为基数，至少 %(needed)s 票赞成；赞成 %(yes)s 票。")
        found.append(said % {**of, "yes": vote.yes})
    return tuple(found)
