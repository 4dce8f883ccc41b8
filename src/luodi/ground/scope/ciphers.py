"""Small secrets that are kept encrypted: who has a copy of the database has none of them."""

from __future__ import annotations

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac


class Cipher:
    """Encrypts under the site's secret, decrypts under former ones too; one key for each `use`."""

    def __init__(self, use: str) -> None:
        self.use = use

    def sealed(self, plain: str) -> str:
        """The text encrypted and authenticated (Fernet); an empty text stays empty."""
        return self._all().encrypt(plain.encode()).decode() if plain else ""

    def opened(self, cipher: str, seconds: int | None = None) -> str:
        """The text again. Raises InvalidToken under an unknown secret, or when older than `seconds`."""
        return self._all().decrypt(cipher.encode(), ttl=seconds).decode() if cipher else ""

    def rotated(self, cipher: str) -> str:
        """The same under the present secret."""
        return self._all().rotate(cipher.encode()).decode() if cipher else ""

    def is_current(self, cipher: str) -> bool:
        """Whether no former secret is needed to open it."""
        try:
            return not cipher or bool(
                key_of(self.use, settings.SECRET_KEY).decrypt(cipher.encode())
            )
        except InvalidToken:
            return False

    def _all(self) -> MultiFernet:
        secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
        return MultiFernet([key_of(self.use, one) for one in secrets])


@lru_cache
def key_of(use: str, secret: str) -> Fernet:
    """The key of one secret for one use."""
    key = salted_hmac(use, "", secret=secret, algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(key))
