"""Sealing the trail and checking it.

The tree is that of RFC 6962, section 2.1: a leaf is SHA-256(0x00 ‖ entry digest), a node
SHA-256(0x01 ‖ left ‖ right). A seal covers the entries whose transaction ids lie in a half-open
range below the oldest running transaction, so no entry can appear in the range afterwards.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

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
    epoch: int, xid_from: int, xid_to: int, entries: int, root: bytes, previous: bytes
) -> bytes:
    """What a seal stands for: its range, its count, its root, and the seal before it."""
    head = f"{epoch},{xid_from},{xid_to},{entries},".encode()
    return hashlib.sha256(head + root + previous).digest()


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
    present = Epoch.objects.latest("number").number
    # What was written between the last seal and the backup that began a new epoch is sealed first.
    for epoch in range(last.epoch if last else 1, present + 1):
        start = last.xid_to if last and last.epoch == epoch else 0
        end = horizon if epoch == present else LAST_XID
        if digests := list(_digests(epoch, start, end)):
            break
    else:
        return None
    root, previous = merkle_root(digests), bytes(last.digest) if last else NOTHING
    return Seal.objects.create(
        epoch=epoch,
        xid_from=start,
        xid_to=end,
        entries=len(digests),
        root=root,
        previous=previous,
        digest=seal_digest(epoch, start, end, len(digests), root, previous),
        at=timezone.now(),
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
    """Recomputes every entry's digest and every seal from the rows as they are now.

    Problems are `entry` (an entry's content is not what was written), `root` (entries of a sealed
    range were added, removed or changed), `count`, `chain` (a seal is missing or was changed),
    `gap` (an unsealed hole between two seals of an epoch).
    """
    findings: list[Finding] = []
    entries = 0
    for pk, fields, digest in _stored():
        entries += 1
        if hashlib.sha256(canonical(fields)).digest() != digest:
            findings.append(Finding("entry", entry_id=pk))
    previous, sealed, last = NOTHING, 0, None
    for one in Seal.objects.order_by("id"):
        findings.extend(
            Finding(problem, seal_id=one.pk) for problem in _faults(one, previous, last)
        )
        previous, sealed, last = bytes(one.digest), sealed + one.entries, one
    return Verdict(
        entries, sealed, Seal.objects.count(), previous.hex() if last else "", tuple(findings)
    )


def _faults(one: Seal, previous: bytes, last: Seal | None) -> Iterator[str]:
    digests = list(_digests(one.epoch, one.xid_from, one.xid_to))
    if len(digests) != one.entries:
        yield "count"
    if merkle_root(digests) != bytes(one.root):
        yield "root"
    expected = seal_digest(
        one.epoch, one.xid_from, one.xid_to, one.entries, bytes(one.root), bytes(one.previous)
    )
    if bytes(one.previous) != previous or expected != bytes(one.digest):
        yield "chain"
    start = last.xid_to if last and last.epoch == one.epoch else 0
    if one.xid_from != start:
        yield "gap"


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
