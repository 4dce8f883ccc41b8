"""The site's signing key: made once, kept in the data folder, encrypted under the site's secret."""

from __future__ import annotations

import hashlib
import hmac
import os
from contextlib import suppress
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
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        if key := _opened(path, secret):
            return key
    raise UserError(
        _(
            "打不开签名密钥 %(path)s：站点密钥（LUODI_SECRET_KEY）与生成它时不同。请恢复原来的站点密钥，或移走该文件以启用新密钥。"
        )
        % {"path": path}
    )


def rekey_signing() -> int:
    """Encrypts the signing key under the present secret; 1 if that was needed. Same key as ever."""
    path: Path = settings.DATA_DIR / NAME
    if not path.exists() or _opened(path, settings.SECRET_KEY):
        return 0
    _written(signing_key(), path).replace(path)
    return 1


def _opened(path: Path, secret: str) -> Ed25519PrivateKey | None:
    with suppress(ValueError, TypeError):
        key = load_pem_private_key(path.read_bytes(), _passphrase(secret))
        assert isinstance(key, Ed25519PrivateKey)
        return key
    return None


def _passphrase(secret: str) -> bytes:
    return hmac.new(secret.encode(), b"luodi.reports", hashlib.sha256).hexdigest().encode()


def _make(path: Path) -> None:
    """Writes a new key whole, for its owner only; of two processes at once the first one's stays."""
    part = _written(Ed25519PrivateKey.generate(), path)
    with suppress(FileExistsError):
        os.link(part, path)
    part.unlink()


def _written(key: Ed25519PrivateKey, path: Path) -> Path:
    """A file beside `path` with the key encrypted under the present secret, safe on the disk."""
    encrypted = key.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(_passphrase(settings.SECRET_KEY))
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.new")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(encrypted)
        stream.flush()
        os.fsync(stream.fileno())
    return part
