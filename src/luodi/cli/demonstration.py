"""`luodi demo`: the founding page's zone, built and served, or checked against the page."""

from __future__ import annotations

import argparse
import os
import tempfile
from typing import Any

from luodi.cli import say, server
from luodi.config.ready import cluster, data_dir, is_embedded, ready

Commands = Any

ROLES = (
    ("liaison1", "企业联络员：反映问题、评价结果"),
    ("instructor1", "党建指导员：受理、办理、请部门协办"),
    ("department1", "县直部门经办人：答复协办"),
    ("secretary", "党工委书记：督办、看统计"),
    ("office", "党工委办公室：全区问题、人员、企业、台账"),
    ("branch", "企业党组织书记"),
    ("sysadmin", "系统管理员：日历、群机器人"),
    ("secadmin", "安全管理员：账号、角色"),
    ("auditor", "审计管理员：只看审计记录"),
)


def add_to(commands: Commands) -> None:
    demo = commands.add_parser("demo", help="build the demonstration zone and serve it")
    demo.add_argument(
        "--check", action="store_true", help="build it anew and compare it with the page"
    )
    demo.add_argument("--bind", default="127.0.0.1:8000", help="address:port (%(default)s)")
    demo.add_argument("--no-serve", action="store_true", help="build only")
    demo.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    if options.check:
        return check()
    os.environ.setdefault("LUODI_DATA", str(data_dir() / "demo"))
    os.environ.setdefault("LUODI_SITE_URL", f"http://{options.bind}")  # in codes and feeds
    os.environ.setdefault("LUODI_SECOND_FACTOR", "offered")
    server.not_as_root()
    ready()
    from luodi import demo

    if demo.is_built():
        say("示例开发区已在这里。 The demonstration zone is here.")
    else:
        say("正在建立示例开发区…… Building the demonstration zone …")
        demo.build()
    say(f"  数据 data      {data_dir()}")
    say(f"  密码 password  {demo.PASSWORD}（以下示例账号通用；人员和问题均为虚构）")
    for username, words in ROLES:
        say(f"  {username:<13} {words}")
    say(
        "  示例站点不强制两步验证（LUODI_SECOND_FACTOR=offered）；正式站点要求管理员和查看全区的人使用。"
    )
    if options.no_serve:
        return 0
    first = os.getpid()
    try:
        return server.run_server(
            argparse.Namespace(bind=options.bind, processes=2, no_worker=False)
        )
    finally:  # nothing of it runs on, unless somebody else is at its data
        if is_embedded() and os.getpid() == first:  # a forked web process ends here too
            from django.db import connections

            connections.close_all()
            cluster().leave()


def check() -> int:
    """Builds in a fresh folder; prints what the page says, what the records say, and the verdict.

    0 when all agree.
    """
    with tempfile.TemporaryDirectory(prefix="luodi-check-") as folder:
        os.chmod(folder, 0o755)  # noqa: S103 - the server's own user must pass; its data stays 0700
        if is_embedded():
            os.environ["LUODI_DATA"] = folder
        ready()
        from luodi import demo

        demo.build()
        verdicts = list(demo.check())
        if is_embedded():
            cluster().stop("immediate")
    for verdict in verdicts:
        fact = verdict.fact
        mark = "✓ 一致" if verdict.agrees else "✗ 不符" if verdict.carried else "— 未建"
        claim = f"{fact.comparator} {fact.value} {fact.unit}"
        say(f"{mark}  {_wide(fact.subject, 32)}{claim:<16}  记录 records: {verdict.found}")
    carried = [verdict for verdict in verdicts if verdict.carried]
    wrong = sum(not verdict.agrees for verdict in carried)
    say(f"{len(carried)} 项，不符 {wrong} 项。 {len(carried)} facts, {wrong} differ.")
    return 1 if wrong else 0


def _wide(text: str, columns: int) -> str:
    """The text padded to a number of terminal columns; a Chinese character takes two."""
    width = sum(2 if ord(letter) > 0x2E80 else 1 for letter in text)
    return text + " " * max(1, columns - width)
