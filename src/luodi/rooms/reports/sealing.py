"""A report's seal: what is signed, and how one finds out what was changed afterwards.

Knows nothing of Django or of a database: a sealed report is verified anywhere (docs/adr/0013).

A sealed report has the document, its readings with all their rows, and a manifest of their SHA-256
digests; the manifest is signed (Ed25519, RFC 8032). An *embedded seal* is the same without the rows: it
travels inside the Word and PDF files. Digests of rows are salted, so that it tells nothing of
them.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

FORMAT = "luodi-report/1"
PACK_FORMAT = "luodi-pack/1"

Sealed = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Finding:
    """What is not as it was signed: `part` is one of the keys of `finding_texts.FINDINGS`."""

    part: str
    which: str = ""


def canonical(value: object) -> bytes:
    """JSON with sorted keys and no blanks, in UTF-8: the same bytes for the same content."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(value: object) -> str:
    return hashlib.sha256(canonical(value)).hexdigest()


def key_id(public: str) -> str:
    """The short name of a public key (hex): the first 16 digits of its SHA-256."""
    return hashlib.sha256(bytes.fromhex(public)).hexdigest()[:16]


def public_of(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes_raw().hex()


def sign(manifest: Mapping[str, Any], key: Ed25519PrivateKey) -> dict[str, str]:
    public = public_of(key)
    return {
        "algorithm": "Ed25519",
        "key_id": key_id(public),
        "public_key": public,
        "value": key.sign(canonical(manifest)).hex(),
    }


def is_signed(manifest: object, signature: Mapping[str, Any]) -> bool:
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signature["public_key"]))
        public.verify(bytes.fromhex(signature["value"]), canonical(manifest))
    except (InvalidSignature, ValueError, KeyError, TypeError):
        return False
    return True


# --- sealing ----------------------------------------------------------------------------------


def seal(
    document: Mapping[str, Any],
    readings: Iterable[Mapping[str, Any]],
    files: Sequence[Mapping[str, Any]],
    key: Ed25519PrivateKey,
) -> Sealed:
    """Signs a document (its `parts` among it), frozen readings (with `rows`), and evidence files
    (`row`, `name`, `sha256`, `size`)."""
    kept = [_salted(one) for one in readings]
    content = {"document": dict(document), "readings": kept, "files": list(files)}
    manifest = manifest_of(content)
    return {"format": FORMAT, **content, "manifest": manifest, "signature": sign(manifest, key)}


def _salted(frozen: Mapping[str, Any]) -> dict[str, Any]:
    salt, rows = secrets.token_hex(16), list(frozen["rows"])
    digests = [_row_digest(salt, row) for row in rows]
    return {"salt": salt, "facts": _but(frozen, "rows"), "rows": rows, "digests": digests}


def _but(content: Mapping[str, Any], left_out: str) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name != left_out}


def _row_digest(salt: str, row: object) -> str:
    return digest([salt, row])


def manifest_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """The digests of everything that a sealed report says."""
    document = content["document"]
    return {
        "format": FORMAT,
        "head": digest(_but(document, "parts")),
        "parts": [digest(part) for part in document["parts"]],
        "readings": [
            {
                "key": one["facts"]["key"],
                "facts": digest(one["facts"]),
                "count": len(one["rows"]),
                "rows": digest(one["digests"]),
            }
            for one in content["readings"]
        ],
        "files": [[one["sha256"], one["size"]] for one in content["files"]],
    }


def embedded_seal(sealed: Sealed) -> Sealed:
    """The sealed report without rows and files: for the files that go out."""
    return {name: sealed[name] for name in ("format", "document", "manifest", "signature")}


def frozen_of(reading: Mapping[str, Any]) -> dict[str, Any]:
    """A reading of a sealed report as the figure engine froze it."""
    return {**reading["facts"], "rows": reading["rows"]}


# --- verifying --------------------------------------------------------------------------------


def findings_in(sealed: object, public: str = "") -> list[Finding]:
    """What was changed in a sealed report or an embedded seal since it was signed; [] for nothing.

    `public` is the key that it must be signed with, in hex; without it, the key it names.
    """
    try:
        assert isinstance(sealed, dict)
        if sealed["format"] != FORMAT:
            return [Finding("format", str(sealed["format"])[:60])]
        signature = _signature(sealed["manifest"], sealed["signature"], public)
        return [*signature, *_content(sealed)]
    except (KeyError, TypeError, ValueError, AttributeError, AssertionError, RecursionError):
        return [Finding("format")]


def _signature(manifest: object, signature: Mapping[str, Any], public: str) -> Iterable[Finding]:
    if public and public != signature["public_key"]:
        yield Finding("key", key_id(signature["public_key"]))
    if not is_signed(manifest, signature):
        yield Finding("signature")


def _content(sealed: Sealed) -> Iterable[Finding]:
    manifest, document = sealed["manifest"], sealed["document"]
    if digest(_but(document, "parts")) != manifest["head"]:
        yield Finding("head")
    yield from _parts(document["parts"], manifest["parts"])
    if "readings" not in sealed:
        return
    if len(sealed["readings"]) != len(manifest["readings"]):
        yield Finding("count", f"{len(manifest['readings'])} → {len(sealed['readings'])}")
    for reading, known in zip(sealed["readings"], manifest["readings"], strict=False):
        yield from _reading(reading, known)
    files = [[one["sha256"], one["size"]] for one in sealed["files"]]
    if files != manifest["files"]:
        yield Finding("files")


def _parts(parts: Sequence[Any], known: Sequence[str]) -> Iterable[Finding]:
    if len(parts) != len(known):
        yield Finding("parts", f"{len(known)} → {len(parts)}")
    for number, (part, said) in enumerate(zip(parts, known, strict=False), start=1):
        if digest(part) != said:
            words = "".join(str(run[0]) for run in part["runs"])[:40]
            yield Finding("part", f"{number} {words}".strip())


def _reading(reading: Mapping[str, Any], known: Mapping[str, Any]) -> Iterable[Finding]:
    facts = reading["facts"]
    name = f"{facts['names']['zh-hans']} {known['key']}"
    if digest(facts) != known["facts"]:
        yield Finding("reading", name)
    rows, digests = reading["rows"], reading["digests"]
    pairs = zip(rows, digests, strict=False)
    wrong = [row for row, said in pairs if _row_digest(reading["salt"], row) != said]
    for row in wrong:
        yield Finding("row", f"{name}：{row['key']} {row['label']}")
    if len(rows) != known["count"] or (digest(digests) != known["rows"] and not wrong):
        yield Finding("rows", name)


# --- packs ------------------------------------------------------------------------------------


def pack_manifest(files: Mapping[str, str], key: Ed25519PrivateKey) -> dict[str, Any]:
    """The signed list of a pack's files: path and SHA-256 (hex)."""
    manifest = {"format": PACK_FORMAT, "files": dict(sorted(files.items()))}
    return {"manifest": manifest, "signature": sign(manifest, key)}


def pack_findings(
    listed: Mapping[str, Any], found: Mapping[str, str], public: str = ""
) -> Iterable[Finding]:
    """What differs between a pack's signed list and the files it has."""
    manifest = listed["manifest"]
    yield from _signature(manifest, listed["signature"], public)
    for path, said in manifest["files"].items():
        if path not in found:
            yield Finding("missing", path)
        elif found[path] != said:
            yield Finding("file", path)
    for path in sorted(set(found) - set(manifest["files"])):
        yield Finding("stranger", path)
