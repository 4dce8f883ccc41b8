"""The site's signing key: made once, kept in the data folder, encrypted under the site's secret."""

from __future__ import annotations

import hashlib
import hmac
import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from django.conf import settings
from django.utils.translation import gettext as _

from luodi.lib.errors import UserError

NAME = "report_signing_key.pem"


def signing_key() -> Ed25519PrivateKey:
    """The site's key, made at the first use. Raises UserError where the secret does not open it."""
    path: Path = settings.DATA_DIR / NAME
    if not path.exists():
        _make(path)
    try:
        key = load_pem_private_key(path.read_bytes(), _passphrase())
    except (ValueError, TypeError) as problem:
        raise UserError(
            _(
                "打不开签名密钥 %(path)s：站点密钥（LUODI_SECRET_KEY）与生成它时不同。请恢复原来的站点密钥，或移走该文件以启用新密钥。"
            )
            % {"path": path}
        ) from problem
    assert isinstance(key, Ed25519PrivateKey)
    return key


def _passphrase() -> bytes:
    secret = settings.SECRET_KEY.encode()
    return hmac.new(secret, b"luodi.reports", hashlib.sha256).hexdigest().encode()


def _make(path: Path) -> None:
    """Writes a new key whole, for its owner only; of two processes at once the first one's stays."""
    encrypted = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(_passphrase())
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.new")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(encrypted)
        stream.flush()
        os.fsync(stream.fileno())
    try:
        os.link(part, path)
    except FileExistsError:
        pass
    finally:
        part.unlink()
