"""Values that are kept encrypted, and found by a keyed hash.

The keys are derived from the site's secret (HKDF, RFC 5869), one for each use: whoever takes a
copy of the database without the secret has neither the values nor a way to test guesses. Former
secrets (`SECRET_KEY_FALLBACKS`) still open and find what was written under them.
"""

from __future__ import annotations

import base64
import hmac
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
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
    """The value again. Raises cryptography.fernet.InvalidToken under an unknown secret."""
    keys = MultiFernet([_fernet(secret) for secret in _secrets()])
    return keys.decrypt(cipher.encode()).decode() if cipher else ""


def is_current(cipher: str) -> bool:
    """Whether the value needs no former secret to be opened."""
    try:
        return not cipher or bool(_fernet(settings.SECRET_KEY).decrypt(cipher.encode()))
    except InvalidToken:
        return False


def lookup(plain: str) -> str | None:
    """HMAC-SHA-256 of the value, in hex: equal values have equal ones. None for no value."""
    return lookups(plain)[0] if plain else None


def lookups(plain: str) -> list[str]:
    """What `lookup` gives now, then what it gave under each former secret."""
    keys = [_key(secret, b"lookup") for secret in _secrets()]
    return [hmac.new(key, plain.encode(), "sha256").hexdigest() for key in keys]


def _secrets() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
