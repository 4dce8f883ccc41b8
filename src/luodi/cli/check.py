"""`luodi check`: every quantity of a text, beside what the records say.

Where there are no records it only extracts, and builds no database.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from luodi.cli import say
from luodi.lib.documents import DocumentError, text_of
from luodi.lib.errors import UserError

if TYPE_CHECKING:
    from luodi.ground.figures.api import Checked
    from luodi.ground.scope.api import Unit
    from luodi.lib.quantities import Quantity

Commands = Any
SIGNS = {
    "agrees": ("✓", "一致", "32"),
    "differs": ("✗", "不符", "31"),
    "unsure": ("?", "不能确定", "33"),
    "no-ledger": ("○", "没有台账", "2"),
    "": ("·", "", "36"),
}
ONLY_EXTRACTED = "这里没有台账，只列出数量。 There are no records here; quantities only."
SUFFIXES = (".txt", ".docx", ".xlsx", ".pdf")


def add_to(commands: Commands) -> None:
    check = commands.add_parser(
        "check",
        help="check a text against the records",
        epilog="Exit codes: 0 nothing differs, 1 something differs, 2 it could not be checked.",
    )
    check.add_argument(
        "text", metavar="TEXT|FILE|-", help="the text, a txt/docx/xlsx/pdf file, or -"
    )
    check.add_argument("--unit", help="the unit it speaks of: name, short name or number")
    check.add_argument(
        "--at", type=dt.date.fromisoformat, metavar="DATE", help="as of this day (default: today)"
    )
    check.add_argument("--json", action="store_true", help="print JSON")
    check.set_defaults(run=run, failed=2)


def run(options: argparse.Namespace) -> int:
    """0 when nothing differs, 1 when something does; raises UserError (2) where it cannot check."""
    text = _text(options.text)
    if not _has_records():
        if options.unit:
            raise UserError(
                "这里还没有台账，没有单位可以核对。 There are no records here, so no units."
            )
        return _extract(text, options)
    from luodi.config.ready import ready

    ready()
    from luodi.ground.figures.api import check_text
    from luodi.ground.scope.api import SYSTEM, acting, today

    with acting(SYSTEM):
        asked = _unit(options.unit)
        if asked is None:
            return _extract(text, options)
        found = check_text(actor=SYSTEM, text=text, unit=asked, at=options.at or today())
    if options.json:
        _print_json({"records": True, "quantities": [one.as_json() for one in found]})
    else:
        _show(text, [(one.quantity, one.verdict.value, _words(one)) for one in found])
    return 1 if any(one.verdict.value == "differs" for one in found) else 0


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
    if given.endswith(SUFFIXES) and " " not in given:
        raise UserError(f"没有文件 {given}。 No such file.")
    return given


def _has_records() -> bool:
    """Whether there is a site here: an embedded database that was made, or one's own server."""
    from luodi.config.ready import data_dir, is_embedded

    return not is_embedded() or any(data_dir().glob("postgres*/**/PG_VERSION"))


def _unit(given: str | None) -> Unit | None:
    """The unit of that name or number, the one zone where none is given; None without any.

    Raises UserError where there is none of that name, or several (they are named).
    """
    from luodi.ground.scope.api import Unit, UnitKind

    units = Unit.objects.order_by("path")
    if given is None:
        found = units.filter(kind=UnitKind.ZONE)
    elif given.isdecimal() and len(given) < 18:
        found = units.filter(pk=int(given))
    else:
        ways = ("name", "short_name", "name__startswith", "name__contains")
        each = (units.filter(**{way: given}) for way in ways)
        found = next((some for some in each if some.exists()), units.none())
    several = list(found[:6])
    if given is not None and not several:
        raise UserError(f"没有单位“{given}”。 No such unit.")
    return _asked(several) if len(several) > 1 else next(iter(several), None)


def _asked(units: Sequence[Unit]) -> Unit:
    """Which of several units is meant: asked at a terminal, else refused with their numbers."""
    names = "、".join(f"{one.pk} {one.name}" for one in units)
    question = f"有几个单位，是哪一个？ Which of these units? {names}"
    if sys.stdin.isatty() and sys.stdout.isatty():
        answer = input(f"{question}\n--unit ").strip()
        if one := next((one for one in units if answer in (str(one.pk), one.name)), None):
            return one
    raise UserError(f"{question}（--unit 编号 number）")


def _extract(text: str, options: argparse.Namespace) -> int:
    from luodi.lib.quantities import as_json, extract

    found = extract(text)
    if options.json:
        given = [
            {**as_json(one), "figure": None, "ledger_value": None, "verdict": None} for one in found
        ]
        _print_json({"records": False, "note": ONLY_EXTRACTED, "quantities": given})
    else:
        _show(text, [(one, "", "") for one in found])
        say(ONLY_EXTRACTED)
    return 0


def _print_json(answer: dict[str, object]) -> None:
    say(json.dumps(answer, ensure_ascii=False, indent=1))


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
        shown = " ".join(one.text.split())
        say(f"{count:>3} {sign} {label}  {shown}  [{read}]  {one.subject}  {said}".rstrip())
