"""企业微信's word that a button was pressed: signed and encrypted with the app's own keys.

Signature: SHA-1 over the sorted token, timestamp, nonce and cipher; AES-256-CBC with the key's first
16 bytes as IV; inside 16 random bytes, the length, the message, the corporation
(developer.work.weixin.qq.com, path 90968).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import struct
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from luodi.ground.chat.models import SECRETS, ChatApp
from luodi.lib.errors import UserError

MOST_BYTES = 64 * 1024
# The vendor's XML is flat, each element once, texts as CDATA; no parser is needed, so that none is
# attacked through what a stranger posts here.
FIELD = re.compile(r"<(\w+)>(?:<!\[CDATA\[(.*?)\]\]>|([^<]*))</\1>", re.DOTALL)


class NotTheirs(UserError):
    """The signature, the cipher or the corporation is not the app's."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """Who pressed which button of which card; `response` lets its text be changed once."""

    userid: str
    task: str
    key: str
    response: str


def verified(app: ChatApp, signature: str, timestamp: str, nonce: str, cipher: str) -> str:
    """The plain text of what the vendor sent. Raises NotTheirs."""
    token = SECRETS.opened(app.token)
    parts = sorted([token, timestamp, nonce, cipher])
    own = hashlib.sha1("".join(parts).encode()).hexdigest()  # noqa: S324 - the vendor's form
    if not token or not hmac.compare_digest(own.encode(), signature.encode()):
        raise NotTheirs("signature")
    return opened(SECRETS.opened(app.aes_key), app.corp, cipher)


def opened(aes_key: str, corp: str, cipher: str) -> str:
    """The message in a cipher. Raises NotTheirs."""
    try:
        key = base64.b64decode(f"{aes_key}=", validate=True)
        data = base64.b64decode(cipher, validate=True)
        reader = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
        plain = reader.update(data) + reader.finalize()
        plain = plain[: -plain[-1]]
        (length,) = struct.unpack(">I", plain[16:20])
        message, whose = plain[20 : 20 + length], plain[20 + length :]
    except (ValueError, IndexError, struct.error, binascii.Error) as problem:
        raise NotTheirs("cipher") from problem
    if whose.decode(errors="replace") != corp:
        raise NotTheirs("corporation")
    return message.decode(errors="replace")


def cipher_in(body: bytes) -> str:
    """The cipher in a posted XML. Raises NotTheirs for what has none."""
    found = _fields(body[:MOST_BYTES].decode(errors="replace")).get("Encrypt", "")
    if not found:
        raise NotTheirs("no cipher")
    return found


def pressed_in(message: str) -> Pressed | None:
    """The press of a button in a message; None for any other event."""
    told = _fields(message)
    if told.get("Event") != "template_card_event":
        return None
    return Pressed(
        told.get("FromUserName", ""),
        told.get("TaskId", ""),
        told.get("EventKey", ""),
        told.get("ResponseCode", ""),
    )


def _fields(xml: str) -> dict[str, str]:
    inner = re.sub(r"^\s*<xml>(.*)</xml>\s*$", r"\1", xml, flags=re.DOTALL)
    return {name: cdata or plain for name, cdata, plain in FIELD.findall(inner)}
