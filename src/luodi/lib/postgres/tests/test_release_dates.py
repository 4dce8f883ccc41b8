"""The age of the programs, and the sentences in both languages."""

from datetime import date
from pathlib import Path
from string import Formatter

import pytest

from luodi.lib.postgres.binaries import RELEASES, outdated_since, released_on, wheel_binaries
from luodi.lib.postgres.errors import SENTENCES, ClusterError


@pytest.mark.parametrize(
    ("version", "day"),
    [
        ("18.4", date(2026, 5, 14)),
        ("18.0", date(2025, 9, 25)),
        ("15.18", date(2026, 5, 14)),
        ("15.3", date(2025, 11, 13)),  # older than the list: out by its first day at the latest
        ("18.99", None),
        ("19", None),
    ],
)
def test_released_on(version: str, day: date | None) -> None:
    assert released_on(version) == day


def test_six_months() -> None:
    assert outdated_since("18.4", date(2026, 11, 13)) is None
    assert outdated_since("18.4", date(2026, 11, 14)) == date(2026, 5, 14)
    assert outdated_since("18.99", date(2036, 1, 1)) is None


def test_the_wheel_offers_what_the_data_needs(tmp_path: Path) -> None:
    newest = wheel_binaries(tmp_path)
    (tmp_path / "PG_VERSION").write_text("16\n")
    assert newest.major >= 18
    assert wheel_binaries(tmp_path).major == 16
    (tmp_path / "PG_VERSION").write_text("9\n")
    assert wheel_binaries(tmp_path) == newest


def test_minor_versions_only_rise() -> None:
    for major in (15, 16, 17, 18):
        minors = [found[major] for _, found in sorted(RELEASES.items()) if major in found]
        assert minors == sorted(set(minors))


@pytest.mark.parametrize("code", SENTENCES)
def test_sentences_say_the_same_in_both_languages(code: str) -> None:
    chinese, english = (
        {name for _, name, _, _ in Formatter().parse(text) if name} for text in SENTENCES[code]
    )
    assert chinese == english
    facts = dict.fromkeys(chinese, 1)
    error = ClusterError(code, **facts)
    assert str(error) == error.text("zh-hans") != error.text("en")
