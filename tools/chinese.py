"""Finds Chinese that nobody can read in English: sentences in code and templates that are not marked.

`python tools/chinese.py` lists them and fails. Marked is what stands in a call of gettext, or in a
template's translate tags. Left out are folders whose sentences stand in both languages side by side,
and data that is Chinese by nature, in `NATURAL`, each with its reason.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent / "src/luodi"
CHINESE = re.compile(r"[\u3400-\u9fff]")
# `Sentence` and its like have both languages side by side.
BOTH = {"Sentence", "SentenceError", "FileError", "DocumentError", "Column", "Question"}
MARKS = {
    *BOTH,
    "_",
    "gettext",
    "gettext_lazy",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "_now",
    "N_",
}
BILINGUAL = {"lib", "planning", "demo", "cli", "config", "tests", "migrations", "frozen"}
# Files of every room: its part of the demonstration; its figures, with the names that texts use for them.
OF_ROOMS = {"demo.py", "figures.py"}
# Files, or folders, whose Chinese is data.
NATURAL = {
    "ground/calendars/fields.py": "how people write spans of hours",
    "ground/figures/checking": "the grammar of Chinese sentences with numbers",
    "ground/imports/": "sentences of workbooks, in both languages",
    "ground/search/indexing.py": "progress for operators, in both languages",
    "rooms/casework/importing.py": "headings of workbooks, in both languages",
    "rooms/casework/procedure.py": "the name of a first step, in both languages",
    "rooms/directory/figures/": "names of figures that texts use, in both languages",
    "rooms/directory/sheets/": "headings of workbooks, in both languages",
    "rooms/gatherings/fields.py": "headings of workbooks, in both languages",
    "rooms/gatherings/figures.py": "names of figures that texts use, in both languages",
    "rooms/gatherings/hints.py": "how an agenda says how long a speech takes, in both languages",
    "rooms/gatherings/verbs/minutes.py": "how the points of an agenda are numbered",
    "rooms/exchange/amounts.py": "how people write quantities and measures",
    "rooms/exchange/demo.py": "the demonstration's invented offers",
    "rooms/exchange/figures.py": "names of figures that texts use, in both languages",
    "rooms/exchange/network.py": "a measure as it is stored",
    "rooms/exchange/sheets.py": "headings of workbooks, in both languages",
    "rooms/exchange/models/commodity.py": "a measure as it is stored",
    "rooms/exchange/verbs/offers.py": "headings of workbooks",
    "rooms/energy/figures.py": "names of figures that texts use, in both languages",
    "rooms/energy/reading_files.py": "headings of load curves, as the grid's systems write them",
    "rooms/pathways/figures.py": "names of figures that texts use, in both languages",
    "rooms/pioneer/figures.py": "names of figures that texts use, in both languages",
    "rooms/programmes/figures.py": "names of figures that texts use, in both languages",
    "rooms/programmes/lights.py": "yes and no as they are stored",
    "rooms/registers/": "ledgers: headings and stored words, in both languages",
    "rooms/reports/language/": "the language of reports, whose words are Chinese",
    "rooms/reports/exports/": "documents after Chinese standards; names of fonts; both languages",
    "rooms/reports/picking.py": "words of the language of reports",
    "rooms/reports/records.py": "a unit of Chinese texts",
    "rooms/reports/verbs/reports.py": "dates as documents write them",
    "shell/formats/": "dates as Chinese pages write them",
    "shell/templates/shell/languages.html": "the name of a language in itself",
}
# A file says of itself that its Chinese is data, and why: nothing central is edited for it.
SAID = re.compile(r"^# Chinese by nature: \S", re.M)
MARKED = re.compile(
    r"{%\s*blocktranslate.*?{%\s*endblocktranslate\s*%}|{%.*?%}|{{.*?}}|{#.*?#}"
    r"|{%\s*comment.*?endcomment\s*%}",
    re.S,
)


def unmarked() -> Iterator[tuple[str, int, str]]:
    """Each unmarked piece of Chinese: file, line, text."""
    for path in sorted([*ROOT.rglob("*.py"), *ROOT.rglob("*.html")]):
        name = str(path.relative_to(ROOT))
        parts = set(Path(name).parts)
        if parts & (BILINGUAL | OF_ROOMS) or name.startswith(tuple(NATURAL)):
            continue
        text = path.read_text(encoding="utf-8")
        if SAID.search(text):
            continue
        found = in_python(text) if path.suffix == ".py" else in_template(text)
        yield from ((name, line, piece) for line, piece in found)


def in_python(text: str) -> Iterator[tuple[int, str]]:
    """Strings with Chinese outside of calls that translate them and of docstrings."""
    yield from _walk(ast.parse(text))


def _walk(node: ast.AST) -> Iterator[tuple[int, str]]:
    match node:
        case ast.Call(func=ast.Name(id=name)) if name in MARKS:
            return
        case ast.Expr(value=ast.Constant()):
            return  # a docstring
        case ast.Constant(value=str(value)) if CHINESE.search(value):
            yield node.lineno, value
    for child in ast.iter_child_nodes(node):
        yield from _walk(child)


def in_template(text: str) -> Iterator[tuple[int, str]]:
    """Lines of a template that have Chinese outside of its tags."""
    bare = MARKED.sub(lambda found: "\n" * found[0].count("\n"), text)
    for number, line in enumerate(bare.splitlines(), 1):
        if CHINESE.search(line):
            yield number, line.strip()


def main() -> int:
    count = 0
    for name, line, piece in unmarked():
        print(f"src/luodi/{name}:{line}: not marked for translation: {piece[:60]!r}")
        count += 1
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
