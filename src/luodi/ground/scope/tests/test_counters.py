"""What is remembered for minutes is data, counted once each however many ask at once."""

from __future__ import annotations

import base64
import pickle
import threading
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, connections, transaction

from luodi.ground.scope import counters


class Bomb:
    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.mark,))


@pytest.mark.django_db
def test_a_pickle_in_the_cache_is_never_opened(tmp_path: Path) -> None:
    """The attack: the table is writable without a scope, and Django's own cache runs what it holds."""
    mark = tmp_path / "ran"
    bomb = base64.b64encode(pickle.dumps(Bomb(mark))).decode()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO luodi_cache VALUES (%s, %s, now() + interval '1 hour')",
            [cache.make_key("示例"), bomb],
        )
    with pytest.raises(ValueError, match="Expecting value"):
        cache.get("示例")
    assert not mark.exists()


@pytest.mark.django_db
def test_the_cache_keeps_what_django_and_allauth_keep() -> None:
    assert cache.get("a") is None and cache.get("a", 3) == 3
    cache.set("a", [1.5, 2], 60)
    assert cache.get("a") == [1.5, 2]
    assert not cache.add("a", True) and cache.add("b", True)
    cache.set("gone", "y", -1)
    assert cache.get("gone") is None and cache.add("gone", "y")
    assert cache.touch("a", 60) and not cache.touch("never", 60)
    assert cache.delete("a") and not cache.delete("a")
    cache.delete_many(["b", "gone"])
    with pytest.raises(TypeError):
        cache.set("object", object())
    cache.set("old", 1, -1)
    assert counters.sweep() == 1
    cache.clear()
    assert cache.get("b") is None


@pytest.mark.django_db
def test_a_count_begins_anew_when_its_time_is_over() -> None:
    assert [counters.one_more("示例", 60) for _turn in range(3)] == [1, 2, 3]
    assert [counters.one_more("已过", -1) for _turn in range(2)] == [1, 1]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE luodi_cache SET value = 'forged' WHERE cache_key = '示例'")
    assert counters.one_more("示例", 60) == 1


def test_many_at_once_are_counted_each(committed_db: None) -> None:
    """The attack: of 60 parallel requests 32 passed a limit of 10."""
    seen: list[int] = []

    def ask() -> None:
        with transaction.atomic():  # a request's
            seen.append(counters.one_more("示例", 60))
            transaction.set_rollback(True)
        connections.close_all()

    threads = [threading.Thread(target=ask) for _turn in range(30)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(seen) == list(range(1, 31))
