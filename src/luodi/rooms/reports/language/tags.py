"""One tag `{…}`: its words taken apart."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from luodi.rooms.reports.language.nodes import Arguments, Condition, Loop, Tag, Word


def _pairs(text: str) -> dict[str, str]:
    return dict(pair.split(":") for pair in text.split())


# What may be written in Chinese instead.
ALIASES = _pairs(
    "数:figure 数字:figure 数据指标:figure 变化:change 如果:if 否则:else 结束:end 遍历:for"
)
ARGUMENTS = _pairs("单位:unit 日期:date 时段:period 起:since 止:until 从:from 到:to")
WORDS = _pairs(
    "单位:unit 单位简称:unit.short 日期:date 年:year 月:month 时段:period 起:since 止:until "
    "序号:number 行:row 行.数量:row.amount 行.日期:row.on 行.文字:row.word"
)
LOOPS = _pairs("党建区:districts 企业:enterprises 党组织:branches 单位:unit 行:row")
SOURCES = ("districts", "enterprises", "branches", "departments")
COMPARISONS = {
    word: sign
    for sign, words in {
        "<=": "不超过 不高于 不多于 至多 以下 ≤ <=",
        ">=": "不低于 不少于 至少 以上 ≥ >=",
        ">": "超过 高于 多于 大于 >",
        "<": "不足 不到 低于 少于 小于 <",
        "=": "等于 =",
    }.items()
    for word in words.split()
}
BEHIND = ("以上", "以下")
ANY = "any"
NUMBER = r"-?[0-9][0-9,]*(?:\.[0-9]+)?"
PIECE = re.compile(r'([^\s="]+)=(?:"([^"]*)"|([^\s"]*))|"([^"]*)"|(\S+)')
_FREE = (">=", "<=", "≥", "≤", ">", "<")  # these need no blank in front: they are in no argument
_WORDS = sorted(set(COMPARISONS) - set(_FREE), key=len, reverse=True)
_AFTER = re.compile(
    rf"({'|'.join(_FREE)}|(?<!\S)(?:{'|'.join(_WORDS)}))\s*({NUMBER}\s*[^\s\"]*)\s*$"
)
_BEFORE = re.compile(rf"(?<!\S)({NUMBER}[^\s0-9]*?)\s*({'|'.join(BEHIND)})\s*$")


class TagError(ValueError):
    """A tag that says nothing; `str(error)` is what to do."""


def comparison_in(text: str) -> tuple[str, str, str] | None:
    """What stands before a comparison, its word and its bound: `超过 30%`, `50户以上`."""
    for pattern, word, bound in ((_BEFORE, 2, 1), (_AFTER, 1, 2)):
        found = pattern.search(text)
        if found:
            return text[: found.start()].rstrip(), found[word], found[bound].strip()
    return None


def keyword_of(inside: str) -> tuple[str, str]:
    """The keyword of a tag and what follows it; ("", all) for a word."""
    found = re.match(r"\s*([^\s:：|]+)\s*[:：]?\s*", inside)
    word = ALIASES.get(found[1], found[1]) if found else ""
    if found and word in {"figure", "change", "if", "else", "end", "for"}:
        return word, inside[found.end() :].strip()
    return "", inside.strip()


def read_tag(inside: str, line: int) -> Tag | Word:
    """What stands in braces and is whole by itself. Raises TagError."""
    keyword, rest = keyword_of(inside)
    if keyword in {"figure", "change"}:
        first, *options = [part.strip() for part in _split(rest)]
        key, arguments = _key_and_arguments(first)
        if any(not one for one in options):
            raise TagError(_("“|”之后没有写格式或比较，请补上或删去“|”。"))
        return Tag(keyword, key, arguments, tuple(options), line)
    name = WORDS.get(rest, rest)
    if name not in WORDS.values():
        raise TagError(
            _(
                "不认识“{%(tag)s}”。可写 {figure: 数据指标的键} 或 {date}、{unit} 等；要原样写出括号请用 \\{。"
            )
            % {"tag": rest[:40]}
        )
    return Word(name, line)


def write_tag(tag: Tag) -> str:
    """The tag as one writes it: `read_tag` gives it back."""
    asked = write_question(tag.key, tag.arguments)
    return f"{{{tag.keyword}: {' | '.join([asked, *tag.options])}}}"


def write_question(key: str, arguments: Arguments) -> str:
    """A figure and what it is asked: `directory.members unit="示例 公司"`."""
    return " ".join([_quoted(key), *(f"{name}={_quoted(value)}" for name, value in arguments)])


def _quoted(word: str) -> str:
    return word if word and not set(word) & set(' \t"=|') else f'"{word}"'


def read_condition(rest: str) -> Condition:
    """What follows `if`. Raises TagError."""
    rest = re.sub(r"^(?:figure|数据指标|数字?)\s*[:：]\s*", "", rest)
    if found := re.match(r"(?:any|有)\s+", rest):
        return Condition(*_key_and_arguments(rest[found.end() :]), ANY)
    before, word, bound = comparison_in(rest) or (rest, "", "")
    key, arguments = _key_and_arguments(before)
    return Condition(key, arguments, word, bound)


def read_loop(rest: str) -> Loop:
    """What follows `for`. Raises TagError."""
    first, *joints = _split(rest)
    found = re.match(r"\s*(\S+)\s+(?:in|于)\s+(.+)$", first.strip())
    what = LOOPS.get(found[1], found[1]) if found else ""
    if not found or what not in {"unit", "row"} or len(joints) > 1:
        raise TagError(
            _(
                "请写 {for unit in districts}、{for unit in enterprises} 或 {for row in 数据指标的键}。"
            )
        )
    joint = joints[0].strip() if joints else ""
    if what == "row":
        key, arguments = _key_and_arguments(found[2])
        return Loop("row", key, arguments, joint)
    source = LOOPS.get(found[2].strip(), found[2].strip())
    if source not in SOURCES:
        raise TagError(_("单位可以是 districts、enterprises、branches 或 departments。"))
    return Loop("unit", source, (), joint)


def _split(text: str) -> list[str]:
    """At `|`, but not inside quotation marks."""
    parts, quoted = [""], False
    for one in text:
        quoted ^= one == '"'
        if one == "|" and not quoted:
            parts.append("")
        else:
            parts[-1] += one
    return parts


def _key_and_arguments(text: str) -> tuple[str, Arguments]:
    words, arguments = [], []
    for name, quoted, plain, quoted_word, word in PIECE.findall(text):
        if name:
            arguments.append((ARGUMENTS.get(name, name), quoted or plain))
        elif quoted_word or word:
            words.append(quoted_word or word)
    if len(words) != 1:
        raise TagError(_("请写一个数据指标的键或名称，例如 {figure: directory.members}。"))
    return words[0], tuple(arguments)
