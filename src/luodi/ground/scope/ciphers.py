"""Encrypting under keys that are derived from the site's secret, one for each use."""

from __future__ import annotations

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac


def cipher(use: str) -> MultiFernet:
    """Encrypts under the site's secret, decrypts under former ones too."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([key_of(use, secret) for secret in secrets])


@lru_cache
def key_of(use: str, secret: str) -> Fernet:
    """The key of one secret for one use."""
    key = salted_hmac(use, "", secret=secret, algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(key))
