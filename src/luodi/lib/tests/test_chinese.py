import re

from hypothesis import given
from hypothesis import strategies as st

from luodi.lib.chinese import cut, pinyin_key, tsquery, tsvector_literal

LEXEME = re.compile(r"'((?:[^'\\]|''|\\\\)+)'(?::(\*|[0-9]+[ABCD](?:,[0-9]+[ABCD])*))?")
SENTENCES = st.lists(
    st.sampled_from(
        ["高标准农田", "用电负荷", "交口县", "Excel", "3.5", "'", "\\", "，", "👍", " "]
    )
    | st.text(max_size=5),
    max_size=12,
).map("".join)


def lexemes(written: str, separator: str) -> list[str]:
    """Reads back what was written as PostgreSQL does; fails on anything it would not take."""
    found, at = [], 0
    while at < len(written):
        match = LEXEME.match(written, at)
        assert match, written[at:]
        found.append(match[1].replace("''", "'").replace("\\\\", "\\"))
        at = match.end()
        assert written.startswith(separator, at) or at == len(written)
        at += len(separator)
    return found


def test_every_two_characters_and_the_last() -> None:
    assert cut("五号路灯杆") == ["五号", "号路", "路灯", "灯杆", "杆"]


def test_numbers_and_latin_are_kept_and_folded() -> None:
    assert cut("ＡＢＣ123，用电3.5万 Straße！👍\0") == [
        *("abc123", "用电", "电", "3.5", "万", "straße"),
    ]
    assert cut("WT2026-000031") == ["wt2026", "000031", "00031", "0031", "031", "31"]


def test_vector_has_places_and_weights() -> None:
    literal = tsvector_literal([("农田 建设", "A"), ("农田", "D")])
    assert literal == "'农田':1A,5D '田':2A,6D '建设':3A '设':4A"


def test_query_asks_for_every_word() -> None:
    assert tsquery("农田地 it's a & ! | <-> 灯 wt2026 \\") == (
        "'农田' & '田地' & 'it' & 's' & 'a' & '灯':* & 'wt2026':*"
    )
    assert tsquery("，。👍 '") == ""


def test_long_text_fits_a_tsvector() -> None:
    text = " ".join(f"w{n}" for n in range(200_000)) + "农田" * 2000 + "x" * 5000
    literal = tsvector_literal([("农田 " * 2000, "A"), (text, "B")])
    assert len(literal.encode()) < 2_000_000
    first = literal.split(" ")[0]
    assert first.count(",") == 254
    words = lexemes(literal, " ")
    assert sum(len(word.encode()) + 8 for word in words) < 1_000_000
    assert max(map(len, words)) <= 64


@given(SENTENCES)
def test_any_text_can_be_written_and_read_back(text: str) -> None:
    words = cut(text)
    assert lexemes(tsvector_literal([(text, "B")]), " ") == list(dict.fromkeys(words))
    assert set(lexemes(tsquery(text), " & ")) <= set(words)


@given(SENTENCES, st.data())
def test_any_part_of_a_run_finds_its_text(text: str, data: st.DataObject) -> None:
    """As PostgreSQL compares: each operand is a lexeme, or with `:*` the beginning of one."""
    run = max(re.findall("[\u4e00-\u9fff]+", text), key=len, default="")
    start = data.draw(st.integers(0, len(run)))
    part = run[start : data.draw(st.integers(start, len(run)))]
    have = set(cut(text))
    for one in lexemes(tsquery(part), " & "):
        assert any(word.startswith(one) for word in have) if len(one) == 1 else one in have


@given(SENTENCES)
def test_a_text_is_found_by_itself_and_by_its_folded_form(text: str) -> None:
    assert cut(text.lower()) == cut(text)


@given(st.text(max_size=20), st.booleans())
def test_every_text_has_a_key(text: str, person: bool) -> None:
    key = pinyin_key(text, person=person)
    assert key == pinyin_key(text, person=person)
    assert key == key.lower()


def test_order_of_names() -> None:
    names = ["曾华", "张三", "单小红", "仇英", "李四", "李斯", "阿里", "解珍"]
    in_order = sorted(names, key=lambda name: pinyin_key(name, person=True))
    assert in_order == ["阿里", "李斯", "李四", "仇英", "单小红", "解珍", "曾华", "张三"]


def test_surname_is_read_so_only_in_a_name() -> None:
    assert pinyin_key("单县").startswith("dan1")
    assert pinyin_key("单雄信", person=True).startswith("shan4")
    assert pinyin_key("尉迟恭", person=True) == "yu4 尉 chi2 迟 gong1 恭"


def test_phrases_decide_about_polyphones() -> None:
    assert pinyin_key("重庆银行").startswith("chong2 重 qing4 庆 yin2 银 hang2")
