"""Units as people write them in a header: read, compared with what is wanted, converted.

A unit is a quotient: ``yuan/kW/month`` (also ``元/千瓦·月``). Each word may stand for several
quantities (度 is a kWh and a degree); the one that fits what is wanted counts.
"""

from __future__ import annotations

import re
import unicodedata

# quantity -> what people write, and how many of the base unit it is
WORDS: dict[str, dict[str, float]] = {
    "energy": {
        "wh": 1e-6, "kwh": 1e-3, "千瓦时": 1e-3, "千瓦小时": 1e-3, "度": 1e-3, "mwh": 1, "兆瓦时": 1,
        "千度": 1, "gwh": 1e3, "吉瓦时": 1e3, "万kwh": 10, "万千瓦时": 10, "万度": 10, "百万度": 1e3,
        "百万千瓦时": 1e3, "亿kwh": 1e5, "亿千瓦时": 1e5, "亿度": 1e5, "twh": 1e6,
    },
    "power": {"w": 1e-6, "kw": 1e-3, "千瓦": 1e-3, "mw": 1, "兆瓦": 1, "万千瓦": 10, "gw": 1e3},
    "apparent": {"va": 1e-3, "kva": 1, "千伏安": 1, "mva": 1e3, "兆伏安": 1e3, "万kva": 1e4},
    "demand": {"kw(kva)": 1, "kw": 1, "kva": 1, "千瓦": 1, "千伏安": 1, "mw": 1e3, "mva": 1e3},
    "mass": {
        "g": 1e-6, "kg": 1e-3, "公斤": 1e-3, "千克": 1e-3, "t": 1, "吨": 1, "kt": 1e3, "千吨": 1e3,
        "万吨": 1e4, "mt": 1e6, "百万吨": 1e6, "亿吨": 1e8, "tco2": 1, "kgco2": 1e-3, "gco2": 1e-6,
        "吨co2": 1, "千克co2": 1e-3, "万tco2": 1e4, "tco2e": 1, "kgco2e": 1e-3,
    },
    "length": {"m": 1, "米": 1, "km": 1e3, "公里": 1e3, "千米": 1e3, "里": 500},
    "area": {"m2": 1, "m²": 1, "平方米": 1, "公顷": 1e4, "ha": 1e4, "亩": 2000 / 3},
    "time": {
        "s": 1, "秒": 1, "min": 60, "分": 60, "分钟": 60, "h": 3600, "小时": 3600, "时": 3600,
        "d": 86400, "天": 86400, "日": 86400,
    },
    "months": {"month": 1, "months": 1, "月": 1, "个月": 1, "year": 12, "years": 12, "年": 12},
    "money": {"分": 0.01, "yuan": 1, "元": 1, "千元": 1e3, "万元": 1e4, "亿元": 1e8, "rmb": 1},
    "angle": {"°": 1, "度": 1, "deg": 1},
    "people": {"人": 1, "people": 1, "千人": 1e3, "万人": 1e4},
    "share": {"1": 1, "%": 0.01, "‰": 0.001},
    "weight": {"weight": 1, "权重": 1},
}  # fmt: skip
_BRACKET = re.compile(r"^(.*?)\s*[(（\[【](.*)[)）\]】]\s*$", re.DOTALL)


def split_header(header: str) -> tuple[str, str]:
    """Split ``title (unit)`` into title and unit; the unit is empty where no bracket ends it."""
    found = _BRACKET.match(header.strip())
    return (found[1].strip(), found[2].strip()) if found else (header.strip(), "")


def is_unit(written: str) -> bool:
    """Tell whether every word of ``written`` is known as a unit."""
    return all(any(word in known for known in WORDS.values()) for word in _words(written))


def factor(written: str, wanted: str) -> float | None:
    """Give how many of ``wanted`` one of ``written`` is; ``None`` where they do not compare."""
    have, want = _words(written), _words(wanted)
    if have == want:
        return 1.0
    if len(have) != len(want):
        return None
    out = _ratio(have[0], want[0])
    for below, base in zip(have[1:], want[1:], strict=True):
        part = _ratio(below, base)
        out = None if out is None or part is None else out / part
    return out


def _ratio(have: str, want: str) -> float | None:
    if have == want:
        return 1.0
    for known in WORDS.values():
        if have in known and want in known:
            return known[have] / known[want]
    return None


def _words(written: str) -> list[str]:
    """Cut a unit into its numerator and what it is divided by, in plain lower-case letters."""
    plain = unicodedata.normalize("NFKC", written).replace("₂", "2").lower().strip()
    plain = plain.replace("每", "/").replace("千克", "kg").replace("吨公里", "吨·公里")
    head, slash, below = plain.partition("/")
    if not slash:
        return [re.sub(r"\s+", "", head)]
    if below.startswith("(") and below.endswith(")"):
        below = below[1:-1]
    words = re.split(r"[/·・*×\s]+", below)
    return [re.sub(r"\s+", "", head), *(w for w in words if w)]
