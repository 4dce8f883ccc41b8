"""A document as a page shows it: every number a link to its reading."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from luodi.rooms.reports.language import Part, Problem, Run

Address = Callable[[int], str]


def document_html(parts: Iterable[Part], address: Address) -> SafeString:
    """The parts as HTML; `address` gives where a reading opens, by its place."""
    return format_html_join("\n", "{}", ((_part(part, address),) for part in parts))


def _part(part: Part, address: Address) -> SafeString:
    if part.kind == "table":
        return _table(part, address)
    words = _words(part.runs, address)
    if part.kind == "heading":
        tag = mark_safe(f"h{min(part.level + 1, 6)}")  # noqa: S308 - a number of ours
        return format_html('<{} class="level{}">{}{}</{}>', tag, part.level, part.label, words, tag)
    return format_html("<p>{}</p>", words)


def _table(part: Part, address: Address) -> SafeString:
    head, *rows = part.rows
    return format_html(
        '<div class="scroll"><table class="table"><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>',
        format_html_join("", '<th scope="col">{}</th>', ((_words(one, address),) for one in head)),
        format_html_join(
            "",
            "<tr>{}</tr>",
            (
                (format_html_join("", "<td>{}</td>", ((_words(one, address),) for one in row)),)
                for row in rows
            ),
        ),
    )


def _words(runs: Sequence[Run], address: Address) -> SafeString:
    return format_html_join("", "{}", ((_run(run, address),) for run in runs))


def _run(run: Run, address: Address) -> SafeString | str:
    if run.reading is None:
        return run.text
    return format_html('<a class="reading" href="{}">{}</a>', address(run.reading), run.text)


@dataclass(frozen=True, slots=True)
class Remark:
    """A problem beside the line of the template that it concerns."""

    problem: Problem
    source: str


def remarks(problems: Iterable[Problem], text: str) -> list[Remark]:
    lines = text.splitlines()
    return [
        Remark(one, lines[one.line - 1].strip() if 0 < one.line <= len(lines) else "")
        for one in problems
    ]
