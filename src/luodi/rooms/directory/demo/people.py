"""Invented people: names from two short lists, marked 示例, with days of birth that add up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = (
    "安", "博", "晨", "丹", "恩", "帆", "刚", "涵", "佳", "凯", "岚", "明", "宁", "鹏", "琪",
    "然", "珊", "涛", "薇", "欣", "瑶", "泽", "志远", "海燕", "建军", "晓峰", "雪梅", "永强",
)  # fmt: skip


def names() -> Iterator[str]:
    """Invented names without end, no two alike in the first 800, each marked as an example."""
    for number in range(10_000):
        surname = SURNAMES[number % len(SURNAMES)]
        given = GIVEN[(number * 5 + number // len(SURNAMES)) % len(GIVEN)]
        yield f"{surname}{given}（示例）"


def born(on: dt.date, months: int) -> dt.date:
    """A day of birth from which `months` whole months have passed on a day (the 10th of a month)."""
    total = on.year * 12 + on.month - 1 - months
    return dt.date(total // 12, total % 12 + 1, 10)


# The leading group. The page gives the mean age before (52.27) and after (49.34) the change and the
# youngest (50, 42). With eleven people before and after, and ages in whole months, the sums are
# 6,900 and 6,513 months: 6900 / 132 = 52.27, 6513 / 132 = 49.34.
CHANGED_ON = dt.date(2022, 3, 15)
READ_ON = dt.date(2022, 12, 22)
MONTHS_SINCE = 9  # completed from CHANGED_ON's eve to READ_ON for anyone born on a 10th
STAYING = (600, 606, 612, 618, 624, 630)  # months on the eve of the change
LEAVING = (636, 640, 642, 646, 646)
COMING = (504, 511, 540, 552, 662)  # months on READ_ON


def leading_group() -> tuple[list[dt.date], list[dt.date], list[dt.date]]:
    """Days of birth of those who stayed, who left and who came with the change."""
    eve = CHANGED_ON - dt.timedelta(days=1)
    staying = [born(eve, months) for months in STAYING]
    leaving = [born(eve, months) for months in LEAVING]
    coming = [born(READ_ON, months) for months in COMING]
    return staying, leaving, coming
