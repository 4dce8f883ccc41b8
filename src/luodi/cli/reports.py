"""`luodi report`: drafted, published, rendered, compared; and verified without any database."""

from __future__ import annotations

import argparse
import datetime as dt
import os
from pathlib import Path
from typing import Any

from luodi.cli import say
from luodi.cli.records import actor_of
from luodi.config.ready import data_dir, ready
from luodi.lib.errors import UserError

Commands = Any
FORMS = ("docx", "pdf", "html", "json", "zip")


def add_to(commands: Commands) -> None:
    group = commands.add_parser("report", help="list, draft, publish, render, verify, compare")
    verbs = group.add_subparsers(dest="verb", metavar="VERB", required=True)
    verbs.add_parser("list", help="the reports").set_defaults(run=list_all)
    begin = verbs.add_parser("draft", help="begin a report from a template")
    begin.add_argument(
        "template", help="annual, party-building, bulletin, assessment, or an own key"
    )
    begin.add_argument("--unit", help="name of the unit (default: the zone)")
    begin.add_argument("--since", type=dt.date.fromisoformat, help="default: 1 January")
    begin.add_argument("--until", type=dt.date.fromisoformat, help="default: today")
    begin.set_defaults(run=draft)
    for name, run, told in (
        ("publish", publish, "freeze and sign a draft"),
        ("compare", compare, "what moved since it was published; exit 1 if anything did"),
    ):
        one = verbs.add_parser(name, help=told)
        one.add_argument("id", type=int)
        one.set_defaults(run=run)
    back = verbs.add_parser("withdraw", help="take a published report back, saying why")
    back.add_argument("id", type=int)
    back.add_argument("--reason", required=True)
    back.set_defaults(run=withdraw)
    out = verbs.add_parser("render", help="write a report's file")
    out.add_argument("id", type=int)
    out.add_argument("file", type=Path, help="its ending says which: " + ", ".join(FORMS))
    out.set_defaults(run=render)
    made = verbs.add_parser("article", help="write the article for a public account (zip)")
    made.add_argument("id", type=int)
    made.add_argument("file", type=Path, nargs="?", help="without it: the pictures to choose from")
    made.add_argument("--chart", type=int, action="append", default=[], metavar="PLACE")
    made.add_argument("--evidence", type=int, action="append", default=[], metavar="PLACE")
    made.set_defaults(run=article)
    check = verbs.add_parser("verify", help="whether a file is as it was signed; exit 1 if not")
    check.add_argument("file", type=Path)
    check.add_argument("--key", default="", help="the site's public key (hex)")
    check.set_defaults(run=verify)
    verbs.add_parser("pubkey", help="the site's public key").set_defaults(run=pubkey)
    for name in ("draft", "publish", "withdraw", "render", "article", "compare"):
        verbs.choices[name].add_argument(
            "--as", dest="account", help="login name (default: system)"
        )


def _acting(options: argparse.Namespace) -> Any:
    ready()
    from luodi.ground.scope.api import SYSTEM, acting

    return acting(actor_of(options.account) if options.account else SYSTEM)


def _report(pk: int) -> Any:
    from luodi.rooms.reports.api import Report

    found = Report.objects.select_related("unit").filter(pk=pk).first()
    if found is None:
        raise UserError(f"没有编号为 {pk} 的报告。 No such report.")
    return found


def list_all(options: argparse.Namespace) -> int:
    ready()
    from luodi.ground.scope.api import SYSTEM, acting
    from luodi.rooms.reports.api import Report

    with acting(SYSTEM):
        for one in Report.objects.select_related("unit").defer("packed", "text"):
            say(f"{one.pk}\t{one.state}\t{one.until}\t{one.unit}\t{one.title}")
    return 0


def draft(options: argparse.Namespace) -> int:
    with _acting(options) as actor:
        from luodi.ground.scope.api import Unit, UnitKind, today
        from luodi.rooms.reports import api

        units = Unit.objects.open()
        unit = (
            units.filter(name=options.unit).first()
            if options.unit
            else units.filter(kind=UnitKind.ZONE).order_by("path").first()
        )
        if unit is None:
            raise UserError("没有这个单位。 No such unit.")
        until = options.until or today()
        since = options.since or dt.date(until.year, 1, 1)
        made = api.draft_report(
            actor=actor, template=options.template, unit=unit, since=since, until=until
        )
        for one in api.draft_of(actor, made).problems:
            say(f"第 {one.line} 行 line {one.line}：{one.message}")
        say(f"草稿 draft {made.pk}：{made.title}")
    return 0


def publish(options: argparse.Namespace) -> int:
    with _acting(options) as actor:
        from luodi.rooms.reports import api

        made = api.publish_report(actor=actor, report=_report(options.id))
        count = len(made.sealed["readings"])
        say(f"已签发 published {made.pk}：{count} 个数字 figures，密钥 key {made.key_id}")
    return 0


def withdraw(options: argparse.Namespace) -> int:
    with _acting(options) as actor:
        from luodi.rooms.reports import api

        made = api.withdraw_report(actor=actor, report=_report(options.id), reason=options.reason)
        say(f"已撤回 withdrawn {made.pk}：{made.title}")
    return 0


def render(options: argparse.Namespace) -> int:
    with _acting(options) as actor:
        from luodi.rooms.reports import api

        forms = {ending: form for form, ending in api.FORMS.items()}
        form = forms.get(options.file.suffix.lstrip("."))
        if form is None:
            raise UserError(f"文件应以 {'、'.join(forms)} 结尾。 The file's ending says which.")
        with api.file_of(actor=actor, report=_report(options.id), form=form) as stream:
            options.file.write_bytes(stream.read())
    say(f"已写出 {options.file}。 Written, {options.file.stat().st_size:,} bytes.")
    return 0


def article(options: argparse.Namespace) -> int:
    """Lists the pictures that the article may have, or writes it with those that are chosen."""
    with _acting(options) as actor:
        from luodi.rooms.reports import api

        report = _report(options.id)
        if options.file is None:
            actor.require("reports.publish", report.unit.path)
            for name, found in (
                ("chart", api.charts_of(report)),
                ("evidence", api.evidence_of(report)),
            ):
                for one in found:
                    say(f"--{name} {one.place}\t{one.label}")
            return 0
        stream = api.article_zip(
            actor=actor, report=report, charts=options.chart, evidence=options.evidence
        )
        options.file.write_bytes(stream.getvalue())
    say(f"已写出 {options.file}。 Written, {options.file.stat().st_size:,} bytes.")
    return 0


def compare(options: argparse.Namespace) -> int:
    with _acting(options) as actor:
        from luodi.rooms.reports import api

        movements = api.compare_report(actor=actor, report=_report(options.id))
    moved = [one for one in movements if one.moved]
    for one in moved:
        say(f" ✗ {one.frozen['names']['zh-hans']}（{one.frozen['key']}）：{one.old} → {one.new}")
        for mark, rows in (("+", one.added), ("-", one.removed)):
            for row in rows:
                say(f"     {mark} {row.key} {row.label}")
        for row, pairs in one.differences:
            told = "，".join(f"{old} → {new}" for old, new in pairs)
            say(f"     ~ {row.key} {row.label}：{told}")
    say(
        f"{len(movements)} 个数字中 {len(moved)} 个有变化。 {len(moved)} of {len(movements)} moved."
    )
    return 1 if moved else 0


def verify(options: argparse.Namespace) -> int:
    """0 for a file as it was signed. Needs neither the database nor the network."""
    import django

    os.environ.setdefault("LUODI_SECRET_KEY", "none-is-needed")
    os.environ.setdefault("DATABASE_URL", "postgresql://offline@127.0.0.1:1/offline")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luodi.config.settings")
    django.setup()
    from luodi.rooms.reports import api

    if not options.file.is_file():
        raise UserError(f"没有文件 {options.file}。 No such file.")
    verdict = api.verify(options.file, options.key.strip().lower())
    if verdict.title:
        say(f"{verdict.title}｜签发 published {verdict.published_at}｜密钥 key {verdict.key_id}")
    for one in verdict.findings:
        say(" ✗", api.finding_text(one))
    if verdict.good:
        say(" ✓ 完好 intact：与签发时一致（as it was signed）")
        if not options.key:
            say(
                "   未用 --key 指定公钥，只核验了文件自带的公钥。 Checked against the key it carries;"
            )
            say("   give the site's own with --key to know who signed.")
    return 0 if verdict.good else 1


def pubkey(options: argparse.Namespace) -> int:
    ready()
    from luodi.rooms.reports import api

    public = api.public_of(api.signing_key())
    say(public)
    say(f"密钥编号 key id {api.key_id(public)}；数据文件夹 data folder {data_dir()}")
    return 0
