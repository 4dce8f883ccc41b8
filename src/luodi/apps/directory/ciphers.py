"""Values that are kept encrypted, and found by a keyed hash.

The keys are derived from the site's secret (HKDF, RFC 5869), one for each use: whoever takes a
copy of the database without the secret has neither the values nor a way to test guesses.
"""

from __future__ import annotations

import base64
import hmac
from functools import lru_cache

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


@lru_cache(maxsize=8)
def _key(secret: str, use: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"luodi.directory." + use).derive(secret.encode())


@lru_cache(maxsize=4)
def _fernet(secret: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_key(secret, b"value")))


def sealed(plain: str) -> str:
    """The value encrypted and authenticated (Fernet); an empty value stays empty."""
    return _fernet(settings.SECRET_KEY).encrypt(plain.encode()).decode() if plain else ""


def opened(cipher: str) -> str:
    """The value again. Raises cryptography.fernet.InvalidToken under another secret."""
    return _fernet(settings.SECRET_KEY).decrypt(cipher.encode()).decode() if cipher else ""


def lookup(plain: str) -> str | None:
    """HMAC-SHA-256 of the value, in hex: equal values have equal ones. None for no value."""
    key = _key(settings.SECRET_KEY, b"lookup")
    return hmac.new(key, plain.encode(), "sha256").hexdigest() if plain else None
