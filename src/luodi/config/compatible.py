"""Whether a database can hold Luodi: each feature that it relies on is tried in a scratch schema.

Forks of PostgreSQL differ in what they took over; a version number says little. Everything is tried in
one transaction that is undone, so nothing stays behind.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

import psycopg
from psycopg import sql

SCRATCH = "luodi_check"


@dataclass(frozen=True, slots=True)
class Feature:
    """What is tried: statements that must pass; `refused` must fail, `gives` is what the last returns.

    `guards`: without it the guard of the rows is not in the database, and no other form of it will do.
    """

    name: str
    why: str
    statements: tuple[str, ...]
    gives: object = None
    refused: str = ""
    guards: bool = False


@dataclass(frozen=True, slots=True)
class Tried:
    """A feature with what came of it; `fault` is "" where it works."""

    feature: Feature
    fault: str


FEATURES: tuple[Feature, ...] = (
    Feature(
        "行级安全：读 row-level security on reading",
        "看不见别人的记录，靠它 what one may not see stays unseen",
        (
            "CREATE TABLE guarded (id int, path text)",
            "INSERT INTO guarded VALUES (1, '1.'), (2, '2.')",
            "ALTER TABLE guarded ENABLE ROW LEVEL SECURITY",
            "ALTER TABLE guarded FORCE ROW LEVEL SECURITY",
            "CREATE POLICY reads ON guarded FOR SELECT USING (path = current_setting('luodi.path', true))",
            "CREATE POLICY writes ON guarded FOR INSERT"
            " WITH CHECK (path = current_setting('luodi.path', true))",
            "GRANT SELECT, INSERT ON guarded TO {reader}",
            "GRANT USAGE ON SCHEMA {scratch} TO {reader}",
            "SET LOCAL ROLE {reader}",
            "SELECT set_config('luodi.path', '1.', true)",
            "SELECT count(*) FROM guarded",
        ),
        gives=1,
        guards=True,
    ),
    Feature(
        "行级安全：写 row-level security on writing (WITH CHECK)",
        "写不进别人的记录 nobody writes into others' rows",
        (
            "SET LOCAL ROLE {reader}",
            "SELECT set_config('luodi.path', '1.', true)",
            "INSERT INTO guarded VALUES (3, '1.')",
        ),
        refused="INSERT INTO guarded VALUES (4, '2.')",
        guards=True,
    ),
    Feature(
        "函数以定义者身份执行 SECURITY DEFINER with a fixed search_path",
        "登录、签名等只做一件事的函数 sign-in and the signed scope",
        (
            "CREATE FUNCTION one() RETURNS int LANGUAGE sql SECURITY DEFINER"
            " SET search_path = pg_catalog AS 'SELECT 1'",
            "SELECT one()",
        ),
        gives=1,
        guards=True,
    ),
    Feature(
        "排除约束 exclusion constraint with a condition",
        "一个房间不会重复预订 no room is booked twice",
        (
            "CREATE TABLE booked (room int8range, during tstzrange, holding bool,"
            " EXCLUDE USING gist (room WITH &&, during WITH &&) WHERE (holding))",
            "INSERT INTO booked VALUES ('[1,1]', '[2022-12-22 09:00+08,2022-12-22 10:00+08)', true)",
            "INSERT INTO booked VALUES ('[1,1]', '[2022-12-22 09:00+08,2022-12-22 10:00+08)', false)",
        ),
        refused="INSERT INTO booked VALUES"
        " ('[1,1]', '[2022-12-22 09:30+08,2022-12-22 11:00+08)', true)",
    ),
    Feature(
        "多段范围 multiranges",
        "任职、党籍的区间 dated facts",
        ("SELECT range_agg(r)::text FROM (VALUES ('[1,2]'::int4range), ('[5,6]')) AS v (r)",),
        gives="{[1,3),[5,7)}",
    ),
    Feature(
        "部分索引和表达式索引 partial and expression indexes",
        "清单快 fast lists",
        (
            "CREATE TABLE listed (id int, name text, closed date)",
            "CREATE UNIQUE INDEX ON listed (lower(name)) WHERE closed IS NULL",
            "CREATE INDEX ON listed (name) INCLUDE (closed)",
        ),
    ),
    Feature(
        "触发器的过渡表 transition tables of triggers",
        "每次改动都进审计记录 every change is in the trail",
        (
            "CREATE TABLE watched (id int)",
            "CREATE TABLE seen (many bigint)",
            "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS"
            " 'BEGIN INSERT INTO seen SELECT count(*) FROM added; RETURN NULL; END'",
            "CREATE TRIGGER noted AFTER INSERT ON watched REFERENCING NEW TABLE AS added"
            " FOR EACH STATEMENT EXECUTE FUNCTION note()",
            "INSERT INTO watched SELECT generate_series(1, 3)",
            "SELECT many FROM seen",
        ),
        gives=3,
    ),
    Feature(
        "事务号和快照 xid8 and pg_snapshot",
        "审计记录的次序 the order of the trail",
        ("SELECT pg_current_xact_id() >= pg_snapshot_xmin(pg_current_snapshot())",),
        gives=True,
    ),
    Feature(
        "咨询锁 advisory locks",
        "同时操作不互相踩 two at once",
        ("SELECT pg_try_advisory_xact_lock(1)",),
        gives=True,
    ),
    Feature(
        "ON CONFLICT 和 SKIP LOCKED",
        "重复提交只写一次，队列不抢同一件 once and not twice; the queue",
        (
            "CREATE TABLE queued (id int PRIMARY KEY, times int DEFAULT 1)",
            "INSERT INTO queued VALUES (1), (1 + 1)",
            "INSERT INTO queued VALUES (1) ON CONFLICT (id) DO UPDATE SET times = queued.times + 1",
            "SELECT times FROM queued WHERE id = 1 FOR UPDATE SKIP LOCKED",
        ),
        gives=2,
    ),
    Feature(
        "LISTEN、NOTIFY",
        "后台任务马上开始 the worker starts at once",
        ("LISTEN luodi_check", "NOTIFY luodi_check"),
    ),
    Feature(
        "空字符串不是空值 an empty text is no NULL",
        "没填和没有是两回事 empty and unknown are two things",
        ("SELECT '' IS NULL",),
        gives=False,
    ),
    Feature(
        "JSONB、数组和聚合条件 jsonb, arrays, FILTER",
        "台账的自定义列、指标 the registers' own columns, figures",
        (
            "SELECT (jsonb_build_object('a', array_agg(v) FILTER (WHERE v > 1)) #>> '{{a,0}}')::int"
            " FROM (VALUES (1), (2)) AS t (v)",
        ),
        gives=2,
    ),
    Feature(
        "校验值 sha256() and convert_to()",
        "封存和数据校验 seals and digests",
        ("SELECT encode(sha256(convert_to('落地', 'UTF8')), 'hex') LIKE '%%'",),
        gives=True,
    ),
    Feature(
        "检索向量 text search vectors with GIN",
        "全文搜索 search",
        (
            "CREATE TABLE searched (words tsvector)",
            "CREATE INDEX ON searched USING gin (words)",
            "INSERT INTO searched VALUES (array_to_tsvector(ARRAY['路灯', '用电']))",
            "SELECT count(*) FROM searched WHERE words @@ '路灯'::tsquery",
        ),
        gives=1,
    ),
    Feature(
        "分区表 declarative partitions",
        "表计读数、护理记录 meter readings, rounds",
        (
            "CREATE TABLE parted (at date NOT NULL) PARTITION BY RANGE (at)",
            "CREATE TABLE parted_2022 PARTITION OF parted FOR VALUES"
            " FROM ('2022-01-01') TO ('2023-01-01')",
            "INSERT INTO parted VALUES ('2022-12-22')",
        ),
    ),
    Feature(
        "可推迟的外键 deferrable constraints",
        "成批写入 writing many at once",
        (
            "CREATE TABLE parent (id int PRIMARY KEY)",
            "CREATE TABLE child (id int REFERENCES parent DEFERRABLE INITIALLY DEFERRED)",
            "INSERT INTO child VALUES (1)",
            "INSERT INTO parent VALUES (1)",
            "SET CONSTRAINTS ALL IMMEDIATE",
        ),
    ),
)


def tried(address: str) -> Iterator[Tried]:
    """Tries each feature on the server behind an address; the first thing yielded is whether a role and
    a schema can be made at all. Raises psycopg.OperationalError where nothing answers."""
    own = f"{SCRATCH}_{uuid4().hex[:8]}"
    names = {"reader": sql.Identifier(own), "scratch": sql.Identifier(own)}
    begin = Feature(
        "角色和模式 a role and a schema of one's own",
        "运行程序的角色不拥有表 the program's role owns no table",
        (
            "CREATE ROLE {reader} NOLOGIN NOBYPASSRLS",
            "CREATE SCHEMA {scratch}",
            "SET LOCAL search_path = {scratch}",
        ),
        guards=True,
    )
    with (
        psycopg.connect(address, connect_timeout=10) as connection,
        connection.transaction(force_rollback=True),
    ):
        for feature in (begin, *FEATURES):
            yield Tried(feature, _fault(connection, feature, names))


def version_of(address: str) -> str:
    """What the server calls itself."""
    with psycopg.connect(address, connect_timeout=10) as connection:
        row = connection.execute("SELECT version()").fetchone()
    return str(row[0]) if row else ""


def _fault(
    connection: psycopg.Connection, feature: Feature, names: dict[str, sql.Identifier]
) -> str:
    """What went wrong with a feature, in the server's words; "" where nothing did."""
    try:
        with connection.transaction():
            given = _run(connection, feature.statements, names)
            connection.execute("RESET ROLE")
    except psycopg.Error as problem:
        return _first_line(problem)
    if feature.gives is not None and given != feature.gives:
        return f"得到 got {given!r}，应为 not {feature.gives!r}"
    if not feature.refused:
        return ""
    try:
        with connection.transaction(force_rollback=True):
            _run(connection, (*_acting(feature), feature.refused), names)
    except psycopg.Error:
        return ""
    return f"没有拒绝 was not refused：{feature.refused}"


def _acting(feature: Feature) -> tuple[str, ...]:
    """The statements that say who acts: they hold within a savepoint only."""
    return tuple(
        one for one in feature.statements if one.startswith(("SET LOCAL ROLE", "SELECT set"))
    )


def _run(
    connection: psycopg.Connection, statements: tuple[str, ...], names: dict[str, sql.Identifier]
) -> object:
    given: object = None
    for text in statements:
        cursor = connection.execute(sql.SQL(text).format(**names))
        if cursor.description:
            row = cursor.fetchone()
            given = row[0] if row else None
    return given


def _first_line(problem: Exception) -> str:
    return (str(problem).strip().splitlines() or [type(problem).__name__])[0]
