"""Readings come in: a whole file or nothing of it; gaps are filled only when somebody says so."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import IO

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.scope.api import Actor, today
from luodi.lib.errors import UserError
from luodi.rooms.energy.loads import Load, load_of, scale_of
from luodi.rooms.energy.models import Meter, ReadingFile, RegisterReading
from luodi.rooms.energy.reading_files import (
    Day,
    Labels,
    Problem,
    Reader,
    Shown,
    Unreadable,
    cell_name,
    text,
)
from luodi.rooms.energy.storing import Key, write_days

BATCH = 2000  # days written at once
SAME = Decimal("0.6")  # how near to the factor a ratio lies that is the factor
MOST_TOLD = 200
MEDIANS = """
SELECT meter_id, percentile_cont(0.5) WITHIN GROUP (ORDER BY total_wh)
FROM energy_dayload WHERE known_until IS NULL AND missing = 0 AND meter_id = ANY(%s)
GROUP BY meter_id
"""


class BadFile(UserError):
    """A file with something wrong in it: nothing of it was taken in."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems[:MOST_TOLD]
        self.count = len(problems)
        first = "；".join(str(one) for one in problems[:3])
        super().__init__(
            _("文件有 %(count)s 处问题，没有导入任何读数。%(first)s")
            % {"count": len(problems), "first": first},
            "file",
        )


class AskProfile(UserError):
    """Something that a file leaves open, and that nobody has said of these meters yet."""

    def __init__(self, meters: Iterable[Meter], names: set[str]) -> None:
        self.meters, self.names = list(meters), names
        said = "、".join(str(one) for one in self.meters[:5])
        super().__init__(
            _("第一次导入这些电能表：%(meters)s。请说明时刻和数值的含义，以后不再询问。")
            % {"meters": said},
            sorted(names)[-1],
        )


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a file: `unchanged` days were known already."""

    file: ReadingFile
    new: int
    corrected: int
    unchanged: int


@dataclass(slots=True)
class _Taking:
    """A file on its way in."""

    actor: Actor
    reader: Reader
    at: dt.datetime
    answers: Mapping[str, str]
    meters: dict[str, list[Meter]] = field(default_factory=dict)
    used: dict[int, Meter] = field(default_factory=dict)
    asked: dict[int, set[str]] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    doubted: set[int] = field(default_factory=set)
    medians: dict[int, float] = field(default_factory=dict)
    seen: dict[Key, int] = field(default_factory=dict)

    def meter(self, number: str, row: int) -> Meter | None:
        """The meter of a row, ready to be read; None where it is not, which is told once."""
        known = self.meters.get(number, ())
        if len(known) != 1:
            if number not in self.refused:
                self.refused.add(number)
                where = cell_name(row, self.reader.layout.meter)
                none, many = (
                    _("没有这块表，或您无权导入它的读数。"),
                    _("这个表号登记了两次，请先更正。"),
                )
                self.reader.wrong(where, number, None, many if known else none)
            return None
        found = known[0]
        if found.pk not in self.used:
            self._profile(found, row)
            self.used[found.pk] = found
        return found

    def _profile(self, meter: Meter, row: int) -> None:
        """What the meter's files mean: as it was said once, as the header says, or as answered now."""
        header = self.reader.layout.labels
        if meter.labels and header and meter.labels != header:
            where = cell_name(self.reader.layout.row, self.reader.layout.places[0])
            said = Meter.LABELS[meter.labels]
            self.reader.wrong(
                where,
                meter.number,
                None,
                _(
                    "这块表以往按“%(said)s”导入，本文件的表头错开了一格。如果确实改了格式，请先更改电能表的“时刻含义”。"
                )
                % {"said": said},
            )
        missing = set()
        for name, known in (("labels", header), ("factored", "yes" if meter.factor == 1 else "")):
            if getattr(meter, name):
                continue
            answer = known or self.answers.get(name, "")
            if answer:
                setattr(meter, name, answer)
            else:
                missing.add(name)
        if missing:
            self.asked[meter.pk] = missing

    def load(self, day: Day) -> tuple[Key, Load] | None:
        meter = self.meter(day.meter, day.row)
        if meter is None or meter.pk in self.asked:
            return None
        key, reader = (meter.pk, day.on), self.reader
        if (before := self.seen.setdefault(key, day.row)) != day.row:
            where = cell_name(day.row, reader.layout.day)
            said = _("同一天出现两次（另一处在第 %(row)s 行），请只留一行。") % {"row": before}
            reader.wrong(where, day.meter, day.on, said)
            return None
        if (meter.opened_on and day.on < meter.opened_on) or (
            meter.closed_on and day.on >= meter.closed_on
        ):
            where = cell_name(day.row, reader.layout.day)
            reader.wrong(where, day.meter, day.on, _("这块表当天没有启用。"))
            return None
        scale = scale_of(
            meter.factor, factored=meter.factored == "yes", power=meter.measured == "power"
        )
        load = load_of(day.values, scale)
        self._plausible(meter, day, load)
        return key, load

    def _plausible(self, meter: Meter, day: Day, load: Load) -> None:
        """Tells of what is above the meter's limit, or looks like a factor applied twice or not at all."""
        if meter.limit_kw is not None:
            most = int(meter.limit_kw * 250)
            high = max((one for one in load.wh if one is not None), default=0)
            if high > most:
                at = load.wh.index(high)
                where = self._where(day.row, at)
                said = _("%(kw)s 千瓦，高于合理上限 %(limit)s 千瓦。") % {
                    "kw": f"{high / 250:,.0f}",
                    "limit": f"{meter.limit_kw:,.0f}",
                }
                if meter.factor > 1:
                    said += _("倍率是 %(factor)s，看看是不是乘了两次。") % {
                        "factor": f"{meter.factor:g}"
                    }
                self.reader.wrong(where, meter.number, day.on, said)
                return
        usual = self.medians.get(meter.pk)
        if not usual or meter.factor < 5 or meter.pk in self.doubted or load.missing:
            return
        factor, ratio = float(meter.factor), load.total / usual
        for wanted, said in (
            (factor, _("当日电量是以往的 %(ratio)s 倍，和倍率相当：倍率像是乘了两次。")),
            (1 / factor, _("当日电量只有以往的 %(ratio)s 倍，和倍率的倒数相当：像是没有乘倍率。")),
        ):
            if float(SAME) < ratio / wanted < 1 / float(SAME):
                self.doubted.add(meter.pk)
                told = said % {"ratio": f"{ratio:.3g}"}
                self.reader.wrong(self._where(day.row, 0), meter.number, day.on, told)

    def _where(self, row: int, at: int) -> str:
        places = self.reader.layout.places
        return cell_name(row, places[at] if at < len(places) else places[0])


def take_in(
    *,
    actor: Actor,
    file: IO[bytes],
    name: str,
    labels: str = "",
    factored: str = "",
    at: dt.datetime | None = None,
) -> Taken:
    """Takes in a file of readings, whole or not at all. `labels`, `factored`: what the file leaves
    open of meters that nobody has asked about yet; kept with them.

    Raises NotAllowed, AskProfile for what must be said first, BadFile with each problem's cell.
    """
    actor.require("energy.read_in")
    try:
        reader = Reader(file, today())
    except Unreadable as problem:
        raise UserError(str(problem), "file") from problem
    taking = _Taking(actor, reader, at or timezone.now(), {"labels": labels, "factored": factored})
    for one in Meter.objects.select_related("unit"):
        if actor.may("energy.read_in", one.path):
            taking.meters.setdefault(one.number, []).append(one)
    with transaction.atomic():
        if reader.layout.kind == "registers":
            return _registers(taking, name, file)
        return _curves(taking, name, file)


def _curves(taking: _Taking, name: str, fp: IO[bytes]) -> Taken:
    reader = taking.reader
    doubtful = [one.pk for some in taking.meters.values() for one in some if one.factor >= 5]
    with connection.cursor() as cursor:
        cursor.execute(MEDIANS, [doubtful])
        taking.medians = dict(cursor.fetchall())
    if reader.layout.kind == "long":
        _say_labels(taking)
    record = _record(taking, name, fp)
    batch: dict[Key, Load] = {}
    counts = [0, 0, 0]

    def flush() -> None:
        if batch and not reader.problems and not taking.asked:
            told = write_days(batch, at=taking.at, file_id=record.pk)
            for place, one in enumerate((told.new, told.corrected, told.unchanged)):
                counts[place] += one
        batch.clear()

    for day in reader.days():
        if found := taking.load(day):
            batch[found[0]] = found[1]
            if len(batch) >= BATCH:
                flush()
    _refuse(taking)
    flush()
    _keep_profiles(taking)
    return _done(taking, record, counts)


def _say_labels(taking: _Taking) -> None:
    """A row for each time says nothing of what the times mean: the first meter's profile does."""
    first = next((cells for _number, cells in taking.reader.rows()), None)
    known = taking.meters.get(text(first[taking.reader.layout.meter]), ()) if first else ()
    meter = known[0] if known else None
    labels = (meter.labels if meter else "") or taking.answers["labels"]
    if meter and not labels:
        raise AskProfile([meter], {"labels"} | ({"factored"} if meter.factor != 1 else set()))
    means: Labels = "end" if labels == "end" else "start"
    taking.reader.layout = replace(taking.reader.layout, labels=means)


def _registers(taking: _Taking, name: str, fp: IO[bytes]) -> Taken:
    """Registers at the beginning of a day; one that falls is refused, unless the meter was changed."""
    reader = taking.reader
    rows: dict[int, dict[dt.date, Shown]] = {}
    for one in reader.shown():
        meter = taking.meter(one.meter, one.row)
        if meter is None:
            continue
        theirs = rows.setdefault(meter.pk, {})
        if one.on in theirs:
            where = cell_name(one.row, reader.layout.day)
            reader.wrong(where, one.meter, one.on, _("同一天出现两次，请只留一行。"))
        theirs[one.on] = one
    taking.asked.clear()  # registers are multiplied by the meter's factor, always
    record = _record(taking, name, fp)
    counts = [0, 0, 0]
    for pk, theirs in rows.items():
        stored = {
            one.day: one for one in RegisterReading.objects.filter(meter_id=pk, known_until=None)
        }
        _never_falls(reader, theirs, stored)
        if not reader.problems:
            _write_registers(taking, pk, theirs, stored, record, counts)
    _refuse(taking)
    return _done(taking, record, counts)


def _never_falls(
    reader: Reader, theirs: Mapping[dt.date, Shown], stored: Mapping[dt.date, RegisterReading]
) -> None:
    for name, at in zip(reader.layout.names, reader.layout.places, strict=True):
        before: Decimal | None = None
        for day in sorted({*theirs, *stored}):
            new, old = theirs.get(day), stored.get(day)
            if old and old.restarted:
                before = None
            value = new.values.get(name) if new else getattr(old, name)
            if value is None:
                continue
            if before is not None and value < before and new:
                said = _("示数 %(value)s 小于上次的 %(before)s。换表或翻转请先登记换表示数。")
                told = said % {"value": f"{value:f}", "before": f"{before:f}"}
                reader.wrong(cell_name(new.row, at), new.meter, day, told)
            before = value


def _write_registers(
    taking: _Taking,
    pk: int,
    theirs: Mapping[dt.date, Shown],
    stored: Mapping[dt.date, RegisterReading],
    record: ReadingFile,
    counts: list[int],
) -> None:
    for day, shown in theirs.items():
        old = stored.get(day)
        if old and all(getattr(old, key) == value for key, value in shown.values.items()):
            counts[2] += 1
            continue
        if old:
            RegisterReading.objects.filter(pk=old.pk).update(known_until=taking.at)
        counts[1 if old else 0] += 1
        RegisterReading.objects.create(
            meter_id=pk, day=day, file=record, known_from=taking.at, **shown.values
        )


def _refuse(taking: _Taking) -> None:
    """Raises for what is open, or wrong: the transaction is then undone."""
    if taking.reader.problems:
        raise BadFile(taking.reader.problems)
    if taking.asked:
        names = set().union(*taking.asked.values())
        raise AskProfile([taking.used[pk] for pk in taking.asked], names)
    if not taking.used:
        raise UserError(_("文件里没有读数。"), "file")


def _record(taking: _Taking, name: str, fp: IO[bytes]) -> ReadingFile:
    """The file's own row, written first, because its readings name it."""
    fp.seek(0)
    digest = hashlib.sha256()
    while piece := fp.read(1024 * 1024):
        digest.update(piece)
    fp.seek(0)
    held = [one for one in taking.actor.holdings if "energy.read_in" in one.role.permissions]
    first = next(iter(taking.meters.values()), None)
    unit = held[0].unit_id if held else (first[0].unit_id if first else 0)
    if not unit:
        raise UserError(_("还没有登记电能表，请先登记。"), "file")
    return ReadingFile.objects.create(
        unit_id=unit,
        name=name[-200:],
        sha256=digest.hexdigest(),
        taken_at=taking.at,
        taken_by_id=taking.actor.account_id or None,
    )


def _keep_profiles(taking: _Taking) -> None:
    """What was asked once is kept with the meter; the manager's own settings are not touched."""
    said = {
        pk: (one.labels, one.factored)
        for pk, one in taking.used.items()
        if one.labels or one.factored
    }
    for meter in Meter.objects.filter(pk__in=said):
        labels, factored = said[meter.pk]
        if (meter.labels, meter.factored) != (labels, factored):
            meter.labels, meter.factored = labels, factored
            meter.save(update_fields=["labels", "factored"])


def _done(taking: _Taking, record: ReadingFile, counts: list[int]) -> Taken:
    new, corrected, unchanged = counts
    record.meters, record.days, record.corrected = len(taking.used), new, corrected
    record.save(update_fields=["meters", "days", "corrected"])
    return Taken(record, new, corrected, unchanged)
