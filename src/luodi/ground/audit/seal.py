"""Sealing the trail and checking it.

The tree is that of RFC 6962, section 2.1: a leaf is SHA-256(0x00 ‖ entry digest), a node
SHA-256(0x01 ‖ left ‖ right). A seal covers the entries whose transaction ids lie in a half-open
range below the oldest running transaction, so no entry can appear in the range afterwards.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from luodi.ground.audit import anchors
from luodi.ground.audit.models import Epoch, Seal

NOTHING = b"\x00" * 32
LAST_XID = 2**63 - 1  # of an epoch that is over
SEALING = 0x6C756F6469  # the advisory lock of the one process that seals


def merkle_root(digests: Iterable[bytes]) -> bytes:
    """The Merkle root of the digests in their order; 32 zero bytes for none. Memory: O(log n)."""
    stack: list[tuple[int, bytes]] = []
    for digest in digests:
        node = (0, hashlib.sha256(b"\x00" + digest).digest())
        while stack and stack[-1][0] == node[0]:
            height, left = stack.pop()
            node = (height + 1, _join(left, node[1]))
        stack.append(node)
    if not stack:
        return NOTHING
    root = stack.pop()[1]
    while stack:
        root = _join(stack.pop()[1], root)
    return root


def _join(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def seal_digest(
    epoch: int,
    xid_from: int,
    xid_to: int,
    entries: int,
    root: bytes,
    previous: bytes,
    times: tuple[dt.datetime, dt.datetime] | None,
) -> bytes:
    """What a seal stands for: its range, its count, its root, and the seal before it.

    times: when it was made, and when its epoch began. None for the seals of former versions, which did
    not cover them.
    """
    head = f"{epoch},{xid_from},{xid_to},{entries},"
    if times:
        head += "".join(f"{_microseconds(one)}," for one in times)
    return hashlib.sha256(head.encode() + root + previous).digest()


def _microseconds(at: dt.datetime) -> int:
    return (at - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1)


def canonical(fields: Iterable[str | None]) -> bytes:
    """The bytes an entry's digest covers: every field behind its length in bytes, `-` for none.

    Fields in order: epoch, xid, microseconds since 1970, account, action, subject, subject id,
    path, changes as PostgreSQL prints jsonb, why.
    """
    return ",".join(
        "-:" if part is None else f"{len(part.encode())}:{part}" for part in fields
    ).encode()


@transaction.atomic
def seal() -> Seal | None:
    """Seals what has come to rest since the last seal; None where there is nothing new.

    Runs beside writers without stopping them; a second sealer at the same time does nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEALING])
        if not cursor.fetchone()[0]:
            return None
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        (horizon,) = cursor.fetchone()
    last = Seal.objects.order_by("id").last()
    began = dict(Epoch.objects.values_list("number", "began_at"))
    present = max(began)
    # What was written between the last seal and the backup that began a new epoch is sealed first.
    for epoch in range(last.epoch if last else 1, present + 1):
        start = last.xid_to if last and last.epoch == epoch else 0
        end = horizon if epoch == present else LAST_XID
        if digests := list(_digests(epoch, start, end)):
            break
    else:
        return None
    root, previous = merkle_root(digests), bytes(last.digest) if last else NOTHING
    now = timezone.now()
    return Seal.objects.create(
        epoch=epoch,
        xid_from=start,
        xid_to=end,
        entries=len(digests),
        root=root,
        previous=previous,
        digest=seal_digest(epoch, start, end, len(digests), root, previous, (now, began[epoch])),
        at=now,
    )


def _digests(epoch: int, xid_from: int, xid_to: int) -> Iterator[bytes]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT digest FROM audit_entry WHERE epoch = %s AND xid >= %s AND xid < %s"
            " ORDER BY xid, id",
            [epoch, xid_from, xid_to],
        )
        while rows := cursor.fetchmany(10_000):
            yield from (bytes(row[0]) for row in rows)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something the trail should not show; `entry_id` or `seal_id` says where."""

    problem: str
    entry_id: int | None = None
    seal_id: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    entries: int
    sealed: int
    seals: int
    last: str
    findings: tuple[Finding, ...]


def verify() -> Verdict:
    """Recomputes every entry's digest and every seal from the rows as they are now, and looks for the
    seals that were written down outside (`anchors`).

    Problems are `entry` (an entry's content is not what was written), `root` (entries of a sealed
    range were added, removed or changed), `count`, `chain` (a seal is missing or was changed),
    `gap` (an unsealed hole between two seals of an epoch), `outside` (an entry of an epoch that there
    is not, or of a transaction that has not begun, which no seal would ever cover), `time` (an entry, a
    seal or an epoch whose time does not fit those around it), `anchor` (a seal that stands outside is
    not there).
    """
    findings: list[Finding] = []
    entries = 0
    for pk, fields, digest in _stored():
        entries += 1
        if hashlib.sha256(canonical(fields)).digest() != digest:
            findings.append(Finding("entry", entry_id=pk))
    findings.extend(Finding("outside", entry_id=pk) for pk in _asked(OUTSIDE))
    findings.extend(Finding("time", entry_id=pk) for pk in _asked(MISTIMED))
    findings.extend(Finding("time") for _epoch in _asked(EPOCHS))
    previous, sealed, last = NOTHING, 0, None
    began, timed = dict(Epoch.objects.values_list("number", "began_at")), False
    for one in Seal.objects.order_by("id"):
        findings.extend(
            Finding(problem, seal_id=one.pk) for problem in _faults(one, previous, last)
        )
        timed = timed or _stands_for(one, began.get(one.epoch))
        if not (_stands_for(one, began.get(one.epoch)) if timed else _stands_for(one, None)):
            findings.append(Finding("chain", seal_id=one.pk))
        previous, sealed, last = bytes(one.digest), sealed + one.entries, one
    kept = dict(Seal.objects.values_list("pk", "digest"))
    for pk, noted in anchors.known().items():
        if bytes(kept.get(pk, b"")).hex() != noted:
            findings.append(Finding("anchor", seal_id=pk))
    return Verdict(
        entries, sealed, Seal.objects.count(), previous.hex() if last else "", tuple(findings)
    )


def _faults(one: Seal, previous: bytes, last: Seal | None) -> Iterator[str]:
    digests = list(_digests(one.epoch, one.xid_from, one.xid_to))
    if len(digests) != one.entries:
        yield "count"
    if merkle_root(digests) != bytes(one.root):
        yield "root"
    if bytes(one.previous) != previous:
        yield "chain"
    if last and one.at < last.at:
        yield "time"
    start = last.xid_to if last and last.epoch == one.epoch else 0
    if one.xid_from != start:
        yield "gap"


def _stands_for(one: Seal, began: dt.datetime | None) -> bool:
    """Whether a seal's digest is of what it says; with its times, where those are given."""
    times = (one.at, began) if began else None
    root, previous = bytes(one.root), bytes(one.previous)
    found = seal_digest(one.epoch, one.xid_from, one.xid_to, one.entries, root, previous, times)
    return found == bytes(one.digest)


# Entries that no seal covers, nor ever would: of no epoch, or of a transaction still to come.
OUTSIDE = """
SELECT e.id FROM audit_entry AS e WHERE NOT EXISTS (SELECT FROM audit_epoch WHERE number = e.epoch)
   OR e.xid < 1
   OR (e.epoch = (SELECT max(number) FROM audit_epoch)
       AND e.xid >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint
       AND pg_current_xact_id_if_assigned() IS DISTINCT FROM e.xid::text::xid8)
ORDER BY e.id LIMIT 1000"""
# An entry is older than the seal over it, and no transaction runs for longer than a day: so one that no
# seal covers yet is not older than the last seal by more.
MISTIMED = """
SELECT e.id FROM audit_entry AS e
  LEFT JOIN LATERAL (SELECT s.at FROM audit_seal AS s WHERE s.epoch = e.epoch AND s.xid_from <= e.xid
    ORDER BY s.xid_from DESC LIMIT 1) AS over ON true
  LEFT JOIN LATERAL (SELECT s.at FROM audit_seal AS s WHERE s.epoch = e.epoch AND s.xid_to <= e.xid
    ORDER BY s.xid_to DESC LIMIT 1) AS before ON true
 WHERE e.at > clock_timestamp() + interval '1 minute' OR e.at < before.at - interval '1 day'
    OR (e.at > over.at + interval '1 minute' AND EXISTS (SELECT FROM audit_seal AS s
        WHERE s.epoch = e.epoch AND s.xid_from <= e.xid AND e.xid < s.xid_to))
ORDER BY e.id LIMIT 1000"""
# An epoch begins after the last entry of the one before it, and before its own first one.
EPOCHS = """
SELECT number FROM audit_epoch AS one
 WHERE number > 1 AND (began_at < (SELECT max(at) FROM audit_entry WHERE epoch = one.number - 1)
    OR began_at > (SELECT min(at) FROM audit_entry WHERE epoch = one.number))"""


def _asked(query: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [row[0] for row in cursor.fetchall()]


def _stored() -> Iterator[tuple[int, list[str | None], bytes]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "DECLARE trail NO SCROLL CURSOR FOR SELECT id, epoch::text, xid::text,"
            " ((extract(epoch FROM at) * 1000000)::bigint)::text, account_id::text, action,"
            " subject, subject_id, path, changes::text, why, digest FROM audit_entry ORDER BY id"
        )
        while True:
            cursor.execute("FETCH 5000 FROM trail")
            rows = cursor.fetchall()
            if not rows:
                break
            for row in rows:
                yield row[0], list(row[1:11]), bytes(row[11])
        cursor.execute("CLOSE trail")
