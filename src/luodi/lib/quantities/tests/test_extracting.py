"""Whatever is thrown at it, `extract` answers, with offsets that hold."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luodi.lib.quantities import Comparison, Part, extract
from luodi.lib.quantities.gates import rules

PIECES = st.sampled_from(
    [
        *"一二两三四五六七八九十百千万亿零〇半几数多余来0123456789.,，。、：；-—~～至到个人元年月日时分度%％‰℃第每近约上下以内从由增长降\n \t\r“”（）\ud800\U0001f600",
        "不超过", "至少", "百分之", "分之", "个百分点", "公里/小时", "下降到", "每月", "２０２２", "GB/T", "@", "http://",
        "块五", "毛", "2.16:1", "比", "其中机关19、", "（家）：", "半数", "3个", "6个月", "秒", "×", "每斤卖到", "下调",
        "党员", "增长", "平均", "三会一课", "2022年12月", "元/度", "左右", "以上",
    ]
)  # fmt: skip


@given(st.lists(PIECES, max_size=40).map("".join))
@settings(max_examples=400, deadline=None)
def test_never_raises_and_offsets_hold(text: str) -> None:
    last = 0
    for one in extract(text):
        assert 0 <= last <= one.start < one.end <= len(text)
        assert text[one.start : one.end] == one.text
        assert one.upper is None or one.upper >= one.value
        last = one.end


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_text_at_all(text: str) -> None:
    for one in extract(text):
        assert text[one.start : one.end] == one.text


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("供需比为2.16:1，师生比约1：12.5。", [("2.16:1", "2.16", ""), ("约1：12.5", "0.08", "")]),
        ("须经半数以上委员同意。", [("半数以上", "0.5", "")]),
        ("优秀率九成五以上。", [("九成五以上", "95", "%")]),
        ("白菜三块二一斤，电价三角五分。", [("三块二", "3.2", "元"), ("三角五分", "0.35", "元")]),
        ("有期徒刑三年六个月。", [("三年六个月", "3.5", "年")]),
        ("工业总产值（亿元）：36.5。", [("36.5", "3650000000", "元")]),
        (
            "党组织128个，其中机关19、两新33。",
            [("128个", "128", "个"), ("19", "19", "个"), ("33", "33", "个")],
        ),
        ("价格每升下调0.35元。", [("每升下调0.35元", "0.35", "元/升")]),
        ("公示时间不少于7日。", [("不少于7日", "7", "日")]),
        ("气温-8～5℃。", [("-8～5℃", "-8", "℃")]),
    ],
)
def test_what_the_words_themselves_say(text: str, wanted: list[tuple[str, str, str]]) -> None:
    found = extract(text)
    assert [(one.text, one.value, one.unit) for one in found] == [
        (span, Decimal(value), unit) for span, value, unit in wanted
    ]


def test_a_change_from_one_measure_to_another() -> None:
    first, second = extract("运行时间由1小时50分压缩到58分钟。")
    assert (first.part, second.part) == (Part.FROM, Part.TO) and second.falls
    first, second = extract("治理率由三分之一提高到近八成。")
    assert (first.part, second.part) == (Part.FROM, Part.TO) and not second.falls


def test_endless_rows_of_numbers_are_passed_over_and_what_follows_is_read() -> None:
    (one,) = extract("3、" * 5000 + "\n现有党员90人。")
    assert one.text == "90人" and one.subject == "党员"
    assert len(extract("8%、" * 150)) == 150


@pytest.mark.parametrize(
    "text",
    [
        "三会一课、两学一做、五位一体，一带一路。",
        "2022年12月22日上午9时30分，星期四。",
        "第三名，三届二次全会，党的二十大，第七次普查。",
        "电话0358-5550123，邮编030000，请拨打120。",
        "示政发〔2022〕5号，GB/T 9704—2012，A4纸，5G网络。",
        "推进“四大工程”，建立“三张清单”，实施“五个一批”。",
        "打造一支队伍，形成一种合力，一个也不能少。",
        "比分3:1，三次产业比例7.1:52.3:40.6。",
        "依据第3.2.1条和附录5.1.2，见图2-3、表4.5。",
        "两年前已建成，前11个月平稳，近三年无事故，每月15日开放。",
        "零件、零工、零售，身份证号末四位，05车12F座位。",
        "推行“1名领导、1套方案”机制，做到三个不放过。",
        "亩均税收前10名，50年一遇，二道梁村，7车13F座，主队以3:1战胜客队。",
        "三产结构为9.3、41.0、49.6，增速居全省十强县之一。",
    ],
)
def test_what_is_no_quantity_is_left_out(text: str) -> None:
    assert extract(text) == []


@pytest.mark.parametrize("example", [example for example, *_rule in rules()])
def test_each_rule_of_what_is_no_quantity_leaves_its_example_out(example: str) -> None:
    assert extract(example) == []


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("投资额-1250万元。", "-12500000", "元"),
        ("利润为-1,250.5万元。", "-12505000", "元"),
        ("增速20%-30%。", "20", "%"),
        ("参会1 204人。", "1204", "人"),
        ("参会１，２０４人。", "1204", "人"),
        ("共有1，204人。", "1204", "人"),
        ("百余人参加。", "100", "人"),
        ("发明专利5项/10万人。", "5", "项/10万人"),
        ("共有四家规上企业。", "4", "家"),
    ],
)
def test_signs_thousands_and_rates(text: str, value: str, unit: str) -> None:
    (one,) = extract(text)
    assert (one.value, one.unit) == (Decimal(value), unit)


def test_a_difference_goes_on_in_a_list() -> None:
    assert [one.part for one in extract("减少3起、8人。")] == [Part.BY, Part.BY]


def test_a_change_has_both_ends_of_one_subject() -> None:
    first, second = extract("党工委领导班子成员平均年龄从52.27岁下降到49.34岁。")
    assert (first.part, second.part) == (Part.FROM, Part.TO)
    assert (first.value, second.value) == (Decimal("52.27"), Decimal("49.34"))
    assert first.comparison is second.comparison is Comparison.CHANGE
    assert first.falls and second.subject == first.subject
    assert first.subject.endswith("平均年龄")


def test_a_number_broken_off_by_the_line_is_joined() -> None:
    text = "实现工业投资增速29.8%、实现了历史上从来没有过的规模以上\n\n工业增加值增速438.7%,年终"
    found = {str(one.value): one.subject for one in extract(text)}
    assert found["438.7"] == "规模以上工业增加值增速"


def test_shared_heads_and_lists() -> None:
    found = [(one.text, one.subject) for one in extract("拥有发明专利5项、实用新型专利7项")]
    assert found == [("5项", "发明专利"), ("7项", "实用新型专利")]


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("城镇居民人均可支配收入36,095元", ["城镇居民人均可支配收入"]),
        ("新建充电桩1,260个", ["充电桩"]),
        ("排查隐患129处", ["隐患"]),
        ("成交均价32.8万元/亩", ["成交均价"]),
        ("平均年龄比换届前下降3.6岁", ["平均年龄"]),
        ("客流量是平时的2倍", ["客流量"]),
        ("女党员占党员总数的31.5%", ["女党员"]),
        ("生产总值(GDP)235.28亿元，增长9.2%", ["生产总值", "生产总值"]),
        ("党支部、党员分别为12个和418名", ["党支部", "党员"]),
        ("接待游客86万人，收入4.3亿元，分别增长15%和18%", ["游客", "收入", "游客", "收入"]),
        ("近1亿农村贫困人口脱贫", ["农村贫困人口"]),
        ("9个牵头单位的汇报", ["牵头单位"]),
    ],
)
def test_a_subject_is_the_whole_noun_phrase(text: str, subjects: list[str]) -> None:
    assert [one.subject for one in extract(text)] == subjects


def test_numbers_of_a_list_share_the_unit_of_the_last() -> None:
    found = extract("示范社分别为3、5、7家，增速分别加快0.7、1.0和1.1个百分点。")
    assert [str(one.value) for one in found] == ["3", "5", "7", "0.7", "1", "1.1"]
    assert [one.unit for one in found] == ["家"] * 3 + ["百分点"] * 3
    assert all(one.part is Part.BY for one in found[3:])


@pytest.mark.parametrize(
    ("text", "sign", "unit", "value"),
    [
        ("电价不超过0.35元/度", "<=", "元/度", "0.35"),
        ("提供3亿度/年的绿电", "=", "度/年", "300000000"),
        ("每月至少开展一次警示教育会", ">=", "次/月", "1"),
        ("比例超过30%", ">", "%", "30"),
        ("寄养近20多位老人", "~", "位", "20"),
        ("持续3天以上", ">=", "天", "3"),
        ("Ct值≥35，", ">=", "", "35"),
        ("间隔大于24小时", ">", "小时", "24"),
        ("三千万千瓦时", "=", "千瓦时", "30000000"),
        ("不超过总投资的30%", "<=", "%", "30"),
        ("建成高标准农田 13 万亩", "=", "亩", "130000"),
        ("经费１２，３４５．６元", "=", "元", "12345.6"),
        ("工业用电占八成半", "=", "%", "85"),
        ("总人口12.7万，", "=", "", "127000"),
        ("新建一座污水处理站", "=", "座", "1"),
        ("每年限报1项", "=", "项/年", "1"),
        ("一日三次", "=", "次/日", "3"),
        ("仨人", "=", "人", "3"),
    ],
)
def test_comparisons_and_units(text: str, sign: str, unit: str, value: str) -> None:
    (one,) = extract(text)
    assert (one.comparison.value, one.unit, one.value) == (sign, unit, Decimal(value))


def test_work_grows_with_the_text_only() -> None:
    """Counted, not timed: a hostile text leaves as many quantities as it has, and ends."""
    assert extract("1" * 200_000) == []
    assert extract("十" * 100_000) == []
    assert extract("万" * 200_000) == []
    assert extract("1," * 50_000) == []
    assert len(extract("党员5人，" * 10_000)) == 10_000


def test_data_files_have_no_unit_twice_with_two_meanings() -> None:
    folder = Path(__file__).parent.parent / "data"
    seen: dict[str, str] = {}
    for line in (folder / "units.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            measure, factor, words = line.split(" : ")
            for word in words.split():
                assert seen.setdefault(word, f"{measure} {factor}") == f"{measure} {factor}", word
