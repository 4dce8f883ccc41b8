"""The English of the pages: collects Chinese sentences, checks that each is translated, compiles.

    python tools/messages.py update     adds new sentences to each app's locale/en (msgstr empty)
    python tools/messages.py check      fails, with file and line, for a sentence without English
    python tools/messages.py compile    writes the .mo files that Django reads

Done with Babel and Django's own template reader, so that no machine needs GNU gettext.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent / "src/luodi"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "gettext_noop": None,
    "_now": None,
}
HEADER = "# English of Luodi's pages; the Chinese in the code is the source.\n"

Message = str | tuple[str, ...]


def homes() -> list[Path]:
    """The folders that have a catalogue of their own: every app, and the shell for the rest."""
    apps = sorted(path.parent for path in ROOT.glob("*/*/manifest.py"))
    return [*apps, ROOT / "shell"]


def home_of(path: Path) -> Path:
    return next((home for home in homes() if home in path.parents), ROOT / "shell")


def sentences() -> Iterator[tuple[Path, int, Message, str | None]]:
    """Every marked sentence: file, line, text (or singular and plural), context."""
    for path in sorted([*ROOT.rglob("*.py"), *ROOT.rglob("*.html"), *ROOT.rglob("*.txt")]):
        if {"planning", "tests", "static"} & set(path.relative_to(ROOT).parts):
            continue
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            # without the indentation, which the reader of Python would stumble over
            text = re.sub(r"(?m)^[ \t]+", "", templatize(text))
        source = io.BytesIO(text.encode())
        for line, message, _comments, context in extract(
            "python", source, keywords=KEYWORDS, options={"encoding": "utf-8"}
        ):
            yield path, line, tuple(message) if isinstance(message, list) else message, context


def read(home: Path) -> Catalog:
    path = home / "locale/en/LC_MESSAGES/django.po"
    if not path.exists():
        return Catalog(locale="en", header_comment=HEADER, fuzzy=False)
    with path.open("rb") as stream:
        return read_po(stream, locale="en")


def wanted() -> dict[Path, Catalog]:
    """What each catalogue should hold, without translations."""
    found: dict[Path, Catalog] = {home: Catalog(locale="en") for home in homes()}
    for path, line, message, context in sentences():
        where = (str(path.relative_to(ROOT)), line)
        found[home_of(path)].add(message, locations=[where], context=context)
    return found


def every_translation() -> dict[tuple[Message, str | None], Message]:
    """All English there is: Django merges the catalogues, so a sentence needs it only once."""
    return {
        (message.id, message.context): message.string
        for home in homes()
        for message in read(home)
        if message.id and _complete(message.string)
    }


def _complete(string: Message) -> bool:
    return all(string) if isinstance(string, tuple) else bool(string)


def update() -> None:
    """Writes the catalogues anew; a sentence stays where its English stands while it is used there."""
    known, asked = every_translation(), wanted()
    keepers: dict[tuple[Message, str | None], Path] = {}
    for home, catalogue in asked.items():
        before = read(home)
        for message in catalogue:
            old = before.get(message.id, message.context) if message.id else None
            key = message.id, message.context
            if key not in keepers or (old and _complete(old.string)):
                keepers[key] = home
    for home, catalogue in asked.items():
        before = read(home)
        after = Catalog(  # an unchanged catalogue is written as it was, so that merges are easy
            locale="en",
            header_comment=HEADER,
            fuzzy=False,
            creation_date=before.creation_date,
            revision_date=before.revision_date,
        )
        for message in catalogue:
            key = message.id, message.context
            if message.id and keepers[key] == home:
                after.add(message.id, known.get(key, message.string), context=message.context)
        if len(after):
            path = home / "locale/en/LC_MESSAGES/django.po"
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as stream:
                write_po(stream, after, width=100, sort_output=True, no_location=True)


def check() -> int:
    known, missing = every_translation(), 0
    for path, line, message, context in sentences():
        key = (message, context)
        if key not in known:
            print(f"{path.relative_to(ROOT)}:{line}: no English for {message!r}")
            missing += 1
            continue
        holes = _holes(message), _holes(known[key])
        if holes[0] != holes[1]:
            print(f"{path.relative_to(ROOT)}:{line}: other placeholders in English: {message!r}")
            missing += 1
    return missing


def _holes(message: Message) -> set[str]:
    text = " ".join(message) if isinstance(message, tuple) else message
    return set(re.findall(r"%\(\w+\)[sd]", text))


def compile_all() -> None:
    for home in homes():
        path = home / "locale/en/LC_MESSAGES/django.po"
        if path.exists():
            with path.with_suffix(".mo").open("wb") as stream:
                write_mo(stream, read(home))


def main(arguments: list[str]) -> int:
    settings.configure()
    match arguments:
        case ["update"]:
            update()
        case ["check"]:
            return 1 if check() else 0
        case ["compile"]:
            compile_all()
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
