"""Our own css, js and templates use nothing that Chromium 80 lacks; offices run old browsers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2]

# Each with the first Chromium that has it (caniuse.com); scripts stay at ES2019.
CSS = {
    r":is\(": 88,
    r":where\(": 88,
    r":has\(": 105,
    r":focus-visible": 86,
    r"(?<![\w-])inset\s*:": 87,
    r"(?<![\w-])(?:margin|padding|inset)-(?:inline|block)\s*:": 87,
    r"aspect-ratio\s*:": 88,
    r"accent-color\s*:": 93,
    r"color-mix\(|oklch\(|oklab\(|(?<![\w-])lch\(|(?<![\w-])lab\(": 111,
    r"@container|@layer|@scope|@property|@starting-style": 85,
    r"\d(?:dvh|svh|lvh|dvw|cqw|cqi)\b": 108,
    r"content-visibility\s*:": 85,
    r"text-wrap\s*:": 114,
    r"scrollbar-gutter\s*:": 94,
    r"(?m)^\s*&": 112,
    r"overflow\s*:\s*clip": 90,
    r"@media[^{]*\(\s*width\s*[<>]": 104,
}
JS = {
    r"\?\.(?!\d)": "optional chaining",
    r"\?\?": "nullish coalescing",
    r"(?:&&|\|\|)=": "logical assignment",
    r"\.at\(": "Array.prototype.at",
    r"\.replaceAll\(": "String.prototype.replaceAll",
    r"\.findLast\w*\(|\.toSorted\(|\.toReversed\(": "newer array methods",
    r"structuredClone\(|Object\.hasOwn\(|Object\.groupBy\(|Promise\.(?:any|allSettled)\(": "newer globals",
    r"\bimport\(|globalThis|BigInt|\b\d+n\b|\b\d+_\d": "ES2020 and later",
    r"\bclass\s+\w+[^{]*\{[^}]*#\w+": "private fields",
}


def ours(*suffixes: str) -> list[Path]:
    return [
        path
        for path in sorted(SOURCE.rglob("*"))
        if path.suffix in suffixes
        and {"static", "templates"} & set(path.relative_to(SOURCE).parts)
        and "vendor" not in path.parts
    ]


def blocks(text: str, tag: str) -> str:
    return "\n".join(re.findall(rf"(?s)<{tag}\b[^>]*>(.*?)</{tag}>", text))


def styles(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        text = blocks(text, "style") + "\n".join(
            f"x{{{style}}}" for style in re.findall(r'style="([^"]*)"', text)
        )
    return re.sub(r"(?s)/\*.*?\*/", "", text)


def scripts(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    text = blocks(text, "script") if path.suffix == ".html" else text
    return re.sub(r'(?s)/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', "", text)


def flex_with_gap(css: str) -> list[str]:
    """Rules that set `gap` (Chromium 84) on a flex box; in a grid it is old enough."""
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", css)
    return [
        selector.strip()
        for selector, body in rules
        if re.search(r"(?<![\w-])(?:row-|column-)?gap\s*:", body) and "grid" not in body
    ]


def test_there_is_something_to_look_at() -> None:
    assert {"luodi.css", "luodi.js", "base.html"} <= {
        path.name for path in ours(".css", ".js", ".html")
    }


@pytest.mark.parametrize(
    "path", ours(".css", ".html"), ids=lambda path: str(path.relative_to(SOURCE))
)
def test_styles_work_in_chromium_80(path: Path) -> None:
    css = styles(path)
    found = {
        f"{pattern} (since {since})" for pattern, since in CSS.items() if re.search(pattern, css)
    }
    assert not found
    assert not flex_with_gap(css)


@pytest.mark.parametrize("path", ours(".html"), ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_flex_gap_by_class(path: Path) -> None:
    for classes in re.findall(r'class="([^"]*)"', path.read_text(encoding="utf-8")):
        names = classes.split()
        spaced = any(re.fullmatch(r"(?:row-|column-)?gap-\d", name) for name in names)
        assert not spaced or "d-grid" in names, f"flex gap is Chromium 84: {classes}"
        assert not {"hstack", "vstack"} & set(names), classes


@pytest.mark.parametrize(
    "path", ours(".js", ".html"), ids=lambda path: str(path.relative_to(SOURCE))
)
def test_scripts_are_es2019(path: Path) -> None:
    code = scripts(path)
    assert not {what for pattern, what in JS.items() if re.search(pattern, code)}


@pytest.mark.parametrize(
    ("bad", "scan"),
    [
        ("a:is(b) {}", CSS),
        ("a { inset: 0 }", CSS),
        ("a { color: oklch(1 0 0) }", CSS),
        ("x?.y", JS),
        ("a ?? b", JS),
        ("list.at(-1)", JS),
    ],
)
def test_the_scan_sees_what_it_should(bad: str, scan: dict[str, object]) -> None:
    assert any(re.search(pattern, bad) for pattern in scan)


def test_the_scan_tells_grids_from_flex_boxes() -> None:
    assert flex_with_gap("a { display: flex; gap: 4px }") == ["a"]
    assert flex_with_gap("a { display: grid; gap: 4px }") == []
