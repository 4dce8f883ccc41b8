"""`luodi check`: every quantity of a text, beside what the records say.

Without `--unit` and a zone of one's own it only extracts, and starts no database.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from luodi.cli import say
from luodi.lib.documents import DocumentError, text_of
from luodi.lib.errors import UserError

if TYPE_CHECKING:
    from luodi.ground.figures.api import Checked
    from luodi.lib.quantities import Quantity

Commands = Any
SIGNS = {
    "agrees": ("✓", "一致", "32"),
    "differs": ("✗", "不符", "31"),
    "unsure": ("?", "不能确定", "33"),
    "no-ledger": ("○", "没有台账", "2"),
    "": ("·", "", "36"),
}


def add_to(commands: Commands) -> None:
    check = commands.add_parser("check", help="check a text against the records")
    check.add_argument("text", metavar="TEXT|FILE|-", help="the text, a txt/docx/pdf file, or -")
    check.add_argument("--unit", help="the unit it speaks of: name, short name or number")
    check.add_argument("--at", type=_day, metavar="DATE", help="as of this day (default: today)")
    check.add_argument("--json", action="store_true", help="print JSON")
    check.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """0 when nothing differs, 1 when something does."""
    text = _text(options.text)
    unit = options.unit
    if unit is None and not _has_records():
        return _extract(text, options)
    from luodi.config.ready import ready

    ready()
    from luodi.ground.figures.api import check_text
    from luodi.ground.scope.api import SYSTEM, acting, today

    with acting(SYSTEM):
        asked = _unit(unit)
        if asked is None:
            return _extract(text, options)
        found = check_text(actor=SYSTEM, text=text, unit=asked, at=options.at or today())
    if options.json:
        say(
            json.dumps(
                {"quantities": [one.as_json() for one in found]}, ensure_ascii=False, indent=1
            )
        )
    else:
        _show(text, [(one.quantity, one.verdict.value, _words(one)) for one in found])
    return 1 if any(one.verdict.value == "differs" for one in found) else 0


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _text(given: str) -> str:
    """A file where there is one of that name, standard input for -, else the text itself."""
    try:
        if given == "-":
            return text_of(io.BytesIO(sys.stdin.buffer.read()))
        if len(given) < 1000 and "\n" not in given and Path(given).is_file():
            with Path(given).open("rb") as stream:
                return text_of(stream)
    except DocumentError as error:
        raise UserError(f"{error.zh} {error.en}") from error
    if given.endswith((".txt", ".docx", ".pdf")) and " " not in given:
        raise UserError(f"没有文件 {given}。 No such file.")
    return given


def _has_records() -> bool:
    """Whether there is a site here: an embedded database that was made, or one's own server."""
    from luodi.config.ready import data_dir, is_embedded

    return not is_embedded() or any(data_dir().glob("postgres*/**/PG_VERSION"))


def _unit(given: str | None) -> Any:
    """The unit of that name or number; the one zone where none is given. None without any."""
    from luodi.ground.scope.api import Unit, UnitKind

    if given is None:
        zones = list(Unit.objects.filter(kind=UnitKind.ZONE)[:2])
        if len(zones) > 1:
            raise UserError(
                "这里有几个开发区，请用 --unit 指明。 There are several zones: use --unit."
            )
        return zones[0] if zones else None
    units = Unit.objects.filter(pk=int(given)) if given.isdecimal() and len(given) < 18 else None
    if units is None:
        units = Unit.objects.filter(name=given) | Unit.objects.filter(short_name=given)
        units = units if units.exists() else Unit.objects.filter(name__startswith=given)
    found = list(units.order_by("path")[:2])
    if not found:
        raise UserError(f"没有单位“{given}”。 No such unit.")
    return found[0]


def _extract(text: str, options: argparse.Namespace) -> int:
    from luodi.lib.quantities import extract, number

    found = extract(text)
    if options.json:
        given = [
            {
                "text": one.text,
                "start": one.start,
                "end": one.end,
                "value": number(one.value),
                "upper": None if one.upper is None else number(one.upper),
                "unit": one.unit,
                "comparison": one.comparison.value,
                "subject": one.subject,
                "figure": None,
                "ledger_value": None,
                "verdict": "no-ledger",
            }
            for one in found
        ]
        say(json.dumps({"quantities": given}, ensure_ascii=False, indent=1))
    else:
        _show(text, [(one, "", "") for one in found])
        say("这里没有台账，只列出数量。 There are no records here; quantities only.")
    return 0


def _words(one: Checked) -> str:
    words = f"{one.reading.figure.name}：{one.reading.text}" if one.reading else ""
    near = "、".join(str(figure.name) for figure in one.nearest)
    return " ".join(part for part in (words, one.why, f"（相近：{near}）" if near else "") if part)


def _show(text: str, marks: list[tuple[Quantity, str, str]]) -> None:
    """The text with its marks, then a table; colours only on a terminal."""
    colour = sys.stdout.isatty()
    pieces, at = [], 0
    for count, (one, verdict, _said) in enumerate(marks, 1):
        sign, _label, tint = SIGNS[verdict]
        marked = f"[{one.text}{sign}{count}]"
        pieces += [text[at : one.start], f"\x1b[{tint}m{marked}\x1b[0m" if colour else marked]
        at = one.end
    say("".join([*pieces, text[at:]]))
    say()
    for count, (one, verdict, said) in enumerate(marks, 1):
        sign, label, _tint = SIGNS[verdict]
        upper = "" if one.upper is None else f"—{one.upper}"
        read = f"{one.comparison} {one.value}{upper} {one.unit}"
        said = f"  {said}" if said else ""
        shown = " ".join(one.text.split())
        say(f"{count:>3} {sign} {label}  {shown}  [{read}]  {one.subject}{said}")
