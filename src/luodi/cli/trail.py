"""`luodi audit`: sealing and verifying the trail."""

from __future__ import annotations

import argparse
from typing import Any

from luodi.cli import say
from luodi.config.ready import ready

Commands = Any

WORDS = {
    "entry": "第 {entry_id} 条记录的内容与写入时不同（entry {entry_id} was changed）",
    "root": "存证 {seal_id} 范围内的记录被改动（an entry under seal {seal_id} was changed）",
    "count": "存证 {seal_id} 范围内的记录被增减（entries under seal {seal_id} added or removed）",
    "chain": "存证 {seal_id} 或它的前一个被改动或删除（seal {seal_id} does not follow its last）",
    "outside": "第 {entry_id} 条记录不属于任何存证能覆盖的范围（no seal can cover entry {entry_id}）",
    "time": "时间对不上：记录 {entry_id}，存证 {seal_id}（a time was moved）",
    "anchor": "库外记下的存证 {seal_id} 不在库里（seal {seal_id}, written down outside, is not there）",
    "gap": "存证 {seal_id} 之前有未存证的空隙（a hole before seal {seal_id}）",
}


def add_to(commands: Commands) -> None:
    group = commands.add_parser("audit", help="verify and seal the audit trail")
    verbs = group.add_subparsers(dest="verb", metavar="VERB", required=True)
    check = verbs.add_parser("verify", help="recompute every entry and seal; exit 1 on a finding")
    check.add_argument("--root", help="a root that was kept elsewhere: it must be among the seals")
    check.set_defaults(run=verify)
    verbs.add_parser("seal", help="seal what came to rest, print the root").set_defaults(run=seal)


def verify(options: argparse.Namespace) -> int:
    """0 when nothing is found."""
    ready()
    from luodi.ground.audit import api as audit
    from luodi.ground.scope.api import SYSTEM, acting

    with acting(SYSTEM):
        verdict = audit.verify()
        known = options.root is None or audit.Seal.objects.filter(
            digest=bytes.fromhex(options.root)
        )
    say(
        f"{verdict.entries} 条记录，其中 {verdict.sealed} 条已存证，共 {verdict.seals} 个存证。"
        f" {verdict.entries} entries, {verdict.sealed} sealed under {verdict.seals} seals."
    )
    for finding in verdict.findings:
        say(" ✗", WORDS[finding.problem].format(**vars_of(finding)))
    if not known:
        say(" ✗ 没有这个存证值（no seal has this root）")
    elif not verdict.findings:
        say(f" ✓ 完好 intact；最后存证 last seal {verdict.last or '—'}")
    return 1 if verdict.findings or not known else 0


def vars_of(finding: Any) -> dict[str, object]:
    return {"entry_id": finding.entry_id, "seal_id": finding.seal_id}


def seal(options: argparse.Namespace) -> int:
    ready()
    from luodi.ground.audit import api as audit
    from luodi.ground.scope.api import SYSTEM, acting

    with acting(SYSTEM):
        made = audit.seal()
    if made:
        audit.write_down(made.pk, made.entries, str(made))
    say(f"{made.entries} 条 entries → {made}" if made else "没有新记录。 Nothing new.")
    return 0
