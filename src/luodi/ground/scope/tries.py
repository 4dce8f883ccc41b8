"""Guessing passwords gets slower, for who guesses: by name and address together.

Five tries are free; then each must wait twice as long as the one before it. Somebody who guesses from
elsewhere keeps no holder out of their own account. When a name is tried from many addresses, only
those from which it has signed in before are still listened to.
"""

from __future__ import annotations

import hashlib
import logging

from django.db.backends.utils import CursorWrapper
from django.dispatch import Signal

from luodi.ground.scope import counters
from luodi.lib.neighbours import sender_of

FREE = 5  # tries of one name from one address
FIRST_WAIT, LONGEST_WAIT = 15, 15 * 60  # seconds
MEMORY = 3600  # seconds for which tries are remembered
PER_NAME = 50  # tries of one name from anywhere in that time
PER_ADDRESS = 100  # failures from one address: an office has one for all
KNOWN_FOR = 90 * 86_400

log = logging.getLogger("luodi.signin")
# That somebody keeps guessing: `username`, `address`. Once for each time that a wait begins.
guessed = Signal()


def admit(username: str, address: str) -> bool:
    """Whether a password may be tried now; counts the try."""
    pair, name, sender = _keys(username, address)
    username = username[:60]
    with counters.apart() as beside, beside.cursor() as cursor:
        if _there(cursor, f"wait:{pair}") or _count(cursor, f"from:{sender}") > PER_ADDRESS:
            return False
        tries, anywhere = _more(cursor, f"tries:{pair}"), _more(cursor, f"tries:{name}")
        if anywhere > PER_NAME and not _there(cursor, f"known:{pair}"):
            return False
        if tries >= FREE and not _add(cursor, f"wait:{pair}", wait_after(tries)):
            return False  # another try began at the same moment
    if tries >= FREE:
        log.warning("guessing", extra={"username": username, "address": address})
        guessed.send(admit, username=username, address=address)
    return True


def wait_after(tries: int) -> int:
    """Seconds until the next try when so many have been made."""
    return min(FIRST_WAIT << min(max(tries - FREE, 0), 20), LONGEST_WAIT)


def failed(address: str) -> None:
    """Counts a failure against an address."""
    _pair, _name, sender = _keys("", address)
    with counters.apart() as beside, beside.cursor() as cursor:
        _more(cursor, f"from:{sender}")


def succeeded(username: str, address: str) -> None:
    """Forgets the tries, and remembers that the name signs in from here."""
    pair, _name, _sender = _keys(username, address)
    with counters.apart() as beside, beside.cursor() as cursor:
        keys = [f"signin.tries:{pair}", f"signin.wait:{pair}"]
        cursor.execute("DELETE FROM luodi_cache WHERE cache_key = ANY(%s)", [keys])
        _add(cursor, f"known:{pair}", KNOWN_FOR)


def _keys(username: str, address: str) -> tuple[str, str, str]:
    name, sender = username.strip().lower(), sender_of(address)
    return _digest(f"{name}\n{sender}"), _digest(name), _digest(sender)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:40]


def _more(cursor: CursorWrapper, key: str) -> int:
    cursor.execute(counters.COUNT, [f"signin.{key}", MEMORY])
    return int(cursor.fetchone()[0])


def _count(cursor: CursorWrapper, key: str) -> int:
    cursor.execute(
        "SELECT coalesce((SELECT value::bigint FROM luodi_cache WHERE cache_key = %s"
        " AND expires > clock_timestamp() AND value ~ '^[0-9]{1,9}$'), 0)",
        [f"signin.{key}"],
    )
    return int(cursor.fetchone()[0])


def _there(cursor: CursorWrapper, key: str) -> bool:
    cursor.execute(
        "SELECT 1 FROM luodi_cache WHERE cache_key = %s AND expires > clock_timestamp()",
        [f"signin.{key}"],
    )
    return cursor.fetchone() is not None


def _add(cursor: CursorWrapper, key: str, seconds: int) -> bool:
    """Notes the key for so long; whether it was not there."""
    cursor.execute(
        "INSERT INTO luodi_cache AS kept VALUES (%s, '1', clock_timestamp() + make_interval(secs => %s))"
        " ON CONFLICT (cache_key) DO UPDATE SET expires = excluded.expires"
        " WHERE kept.expires <= clock_timestamp()",
        [f"signin.{key}", seconds],
    )
    return bool(cursor.rowcount)
