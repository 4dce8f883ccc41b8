"""A province-sized data set: written by SQL as the superuser, kept between runs.

`zones` × 100 enterprises × 100 cases × 5 events: 100 zones make 10,000 enterprises, 100,000 people,
1,000,000 cases and 5,000,000 rows of history; 10 zones make a tenth. An officer's own zone has the same
size in both, so that what grows with the table shows. Everything in it is invented.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import psycopg

PER_ZONE = 100  # enterprises
PER_ENTERPRISE = 100  # cases
PEOPLE = 10  # of each enterprise
MEMBERS = 100  # of each enterprise, once `fill_members` was there
DISTRICTS = 3

# Words that case texts are made of, already cut, so that the search column is right.
WORDS = [
    "厂房",
    "电力",
    "线路",
    "受阻",
    "施工",
    "道路",
    "破损",
    "货车",
    "供水",
    "压力",
    "污水",
    "接管",
    "用电",
    "负荷",
    "招聘",
    "工程师",
    "岗位",
    "用地",
    "预审",
    "材料",
    "退回",
    "消防",
    "验收",
    "排期",
    "职称",
    "申报",
    "天然气",
    "计量",
    "读数",
    "危险",
    "废物",
    "转运",
    "供热",
    "管网",
    "波动",
    "跨越",
    "公路",
    "会签",
    "原料",
    "场地",
    "培训",
    "抄表",
    "结算",
    "并网",
    "检测",
    "物流",
    "专线",
    "停运",
    "公寓",
    "名额",
    "环评",
    "公示",
    "时间",
    "噪声",
    "宿舍",
    "宽带",
    "中断",
    "照明",
    "补贴",
    "兑现",
]


@dataclass(frozen=True, slots=True)
class Size:
    zones: int

    @property
    def enterprises(self) -> int:
        return self.zones * PER_ZONE

    @property
    def cases(self) -> int:
        return self.enterprises * PER_ENTERPRISE


def is_filled(dsn: str) -> bool:
    """Whether `fill` came to its end there; `dsn` is a superuser's."""
    try:
        with psycopg.connect(dsn) as connection:
            done = connection.execute("SELECT to_regclass('bench_done') IS NOT NULL").fetchone()
            return done == (True,)
    except psycopg.OperationalError:  # no such database
        return False


def fill(dsn: str, size: Size, targets: str) -> float:
    """Fills an empty, migrated database; `dsn` is a superuser's. Returns the seconds it took.

    `targets` is the JSON with which a case's history begins: its two deadlines.
    """
    start = time.perf_counter()
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET synchronous_commit = off")
        connection.execute("SET maintenance_work_mem = '512MB'")
        connection.execute("CREATE TEMP TABLE targets (stored jsonb)")
        connection.execute("INSERT INTO targets VALUES (%s)", [targets])
        indexes = _drop_indexes(connection)
        for statement in _statements(size):
            connection.execute(statement)
        for definition in indexes:
            connection.execute(definition)
        for table in ("scope_unit", "scope_account", "casework_case", "casework_event"):
            connection.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
            )
        connection.execute("SET session_replication_role = origin")
        connection.execute("VACUUM ANALYZE")
        connection.execute("CREATE TABLE bench_done ()")
    return time.perf_counter() - start


def fill_members(dsn: str, size: Size) -> float:
    """Adds a party branch to each enterprise and brings it to 100 people, all of them members: a zone
    then has 10,000. Once; `dsn` is a superuser's. Returns the seconds it took."""
    start = time.perf_counter()
    with psycopg.connect(dsn, autocommit=True) as connection:
        done = connection.execute("SELECT to_regclass('bench_members') IS NOT NULL").fetchone()
        if done == (True,):
            return 0.0
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET synchronous_commit = off")
        for statement in _members(size):
            connection.execute(statement)
        for table in ("scope_unit", "directory_branch"):
            connection.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
            )
        connection.execute("SET session_replication_role = origin")
        connection.execute("VACUUM ANALYZE")
        connection.execute("CREATE TABLE bench_members ()")
    return time.perf_counter() - start


def _members(size: Size) -> list[str]:
    first = 3 * size.zones + size.zones * DISTRICTS + size.enterprises  # the ids before
    dated = "'[2021-01-01,)', '[2021-01-01,)'"
    return [
        f"""INSERT INTO scope_unit (id, kind, name, short_name, path, sort_key, parent_id)
        SELECT {first} + id, 'branch', name || '党支部', '', path || ({first} + id) || '.',
               sort_key, id
        FROM scope_unit WHERE kind = 'enterprise'""",
        """INSERT INTO directory_branch (id, path, community, unit_id)
        SELECT id, path, false, id FROM scope_unit WHERE kind = 'branch'""",
        f"""INSERT INTO directory_standing (path, valid, known, type, branch_id)
        SELECT path, {dated}, 'branch', id FROM directory_branch""",
        f"""INSERT INTO directory_person (path, name, sort_key, spelling, sex, education,
               identity_cipher, phone_cipher, version, unit_id)
        SELECT u.path, '示例' || u.id || '-' || n, u.id || '-' || n, '', 'male', '', '', '', 1, u.id
        FROM scope_unit u, generate_series({PEOPLE + 1}, {MEMBERS}) n WHERE u.kind = 'enterprise'""",
        f"""INSERT INTO directory_membership (path, valid, known, stage, person_id, branch_id)
        SELECT b.path, {dated}, 'formal', p.id, b.id
        FROM directory_person p JOIN scope_unit u ON u.parent_id = p.unit_id AND u.kind = 'branch'
        JOIN directory_branch b ON b.unit_id = u.id""",
    ]


def _drop_indexes(connection: psycopg.Connection[tuple[object, ...]]) -> list[str]:
    """Drops the plain indexes of the two largest tables; returns how to make them again."""
    rows = connection.execute(
        "SELECT indexname, indexdef FROM pg_indexes i WHERE tablename IN"
        " ('casework_case', 'casework_event') AND NOT EXISTS (SELECT 1 FROM pg_constraint c"
        " WHERE c.conindid = i.indexname::regclass)"
    ).fetchall()
    for name, _definition in rows:
        connection.execute(f'DROP INDEX "{name}"')
    return [str(definition) for _name, definition in rows]


def _statements(size: Size) -> list[str]:
    zones, enterprises, cases = size.zones, size.enterprises, size.cases
    county, department, zone = 0, zones, 2 * zones  # where the ids of each kind begin
    district, enterprise = 3 * zones, 3 * zones + zones * DISTRICTS
    words = "ARRAY['" + "','".join(WORDS) + "']"
    account = "id, password, username, name, email, language, is_service, is_active, must_change_password, created_at"
    return [
        # -- the tree: county / department, zone / district / enterprise
        f"""INSERT INTO scope_unit (id, kind, name, short_name, path, sort_key, parent_id)
        SELECT {county} + n, 'county', '示例县' || n, '', ({county} + n) || '.', n, NULL
        FROM generate_series(1, {zones}) n UNION ALL
        SELECT {department} + n, 'department', '示例部门' || n, '',
               ({county} + n) || '.' || ({department} + n) || '.', n, {county} + n
        FROM generate_series(1, {zones}) n UNION ALL
        SELECT {zone} + n, 'zone', '示例开发区' || n, '',
               ({county} + n) || '.' || ({zone} + n) || '.', n, {county} + n
        FROM generate_series(1, {zones}) n UNION ALL
        SELECT {district} + n, 'district', '示例党建区' || n, '',
               ({county} + z) || '.' || ({zone} + z) || '.' || ({district} + n) || '.', n, {zone} + z
        FROM generate_series(1, {zones * DISTRICTS}) n, LATERAL (SELECT (n - 1) / {DISTRICTS} + 1 AS z) z""",
        f"""INSERT INTO scope_unit (id, kind, name, short_name, path, sort_key, parent_id)
        SELECT {enterprise} + n, 'enterprise', '示例企业' || n, '',
               d.path || ({enterprise} + n) || '.', n, d.id
        FROM generate_series(1, {enterprises}) n
        JOIN scope_unit d ON d.id = {district}
             + ((n - 1) / {PER_ZONE}) * {DISTRICTS} + (n % {DISTRICTS}) + 1""",
        # -- who signs in: an office for each zone, an instructor for each district, a liaison each
        f"""INSERT INTO scope_account ({account})
        SELECT id, '!', kind || id, '示例' || id, '', 'zh-hans', false, true, false, now()
        FROM scope_unit WHERE kind IN ('zone', 'district', 'enterprise', 'department')""",
        """INSERT INTO scope_roleholding (role, valid, account_id, unit_id)
        SELECT CASE kind WHEN 'zone' THEN 'office' WHEN 'district' THEN 'instructor'
                         WHEN 'department' THEN 'department_officer' ELSE 'liaison' END,
               '[2020-01-01,)', id, id
        FROM scope_unit WHERE kind IN ('zone', 'district', 'enterprise', 'department')""",
        # -- the directory
        """INSERT INTO directory_enterprise (id, path, above_size, non_public, address,
               contact_name, contact_phone, version, unit_id)
        SELECT id, path, false, true, '', '', '', 1, id FROM scope_unit WHERE kind = 'enterprise'""",
        f"""INSERT INTO directory_person (path, name, sort_key, spelling, sex, education,
               identity_cipher, phone_cipher, version, unit_id)
        SELECT u.path, '示例' || u.id || '-' || n, u.id || '-' || n, '', 'male', '', '', '', 1, u.id
        FROM scope_unit u, generate_series(1, {PEOPLE}) n WHERE u.kind = 'enterprise'""",
        # -- cases: nine in ten solved, the others in every open state
        f"""INSERT INTO casework_case (id, path, code, procedure, procedure_version, title, text,
               reporter_name, reporter_phone, channel, raised_at, is_example, version, state,
               outcome, waits_on, first_due_at, responded_at, due_at, met_at, next_due_at, amber_at,
               paused, confirm_at, closed_at, confirmed_how, reopened, search, lead_account_id,
               lead_unit_id, reporter_id, reporter_unit_id, unit_id, waiting_account_id,
               waiting_unit_id, category_id)
        SELECT n, u.path, 'WT2022-' || lpad(n::text, greatest(6, length(n::text)), '0'), 'enterprise_problem', 1,
               w.a || w.b || w.c || w.d, w.a || w.b || '，' || w.c || w.d || '，请协调。',
               '示例' || u.id, '', 'liaison', t.at, true, 5, s.state,
               CASE WHEN s.state = 'confirmed' THEN 'solved' ELSE '' END,
               CASE s.state WHEN 'confirmed' THEN '' WHEN 'submitted' THEN 'reporter' ELSE 'lead' END,
               t.at + interval '4 hours', t.at + interval '2 hours', t.at + interval '21 days',
               CASE WHEN s.state IN ('confirmed', 'submitted')
                    THEN t.at + (5 + n % 20) * interval '1 day' END,
               CASE WHEN s.state IN ('raised', 'handling') THEN t.at + interval '21 days' END,
               CASE WHEN s.state IN ('raised', 'handling') THEN t.at + interval '18 days' END,
               s.state = 'suspended',
               CASE WHEN s.state = 'submitted' THEN t.at + interval '40 days' END,
               CASE WHEN s.state = 'confirmed' THEN t.at + (6 + n % 20) * interval '1 day' END,
               CASE WHEN s.state = 'confirmed' THEN 'satisfied' ELSE '' END, 0,
               array_to_tsvector(ARRAY[w.a, w.b, w.c, w.d, '协调']), d.id, d.id, u.id, u.id, u.id,
               CASE WHEN s.state IN ('raised', 'handling', 'suspended') THEN d.id
                    WHEN s.state = 'submitted' THEN u.id END,
               CASE WHEN s.state = 'confirmed' THEN NULL WHEN s.state = 'submitted' THEN u.id
                    ELSE d.id END, n % 4 + 1
        FROM generate_series(1, {cases}) n
        JOIN scope_unit u ON u.id = {enterprise} + (n - 1) % {enterprises} + 1
        JOIN scope_unit d ON d.id = u.parent_id,
        LATERAL (SELECT now() - ((n::bigint * 7919) % 1000) * interval '1 day'
                        - (n % 86400) * interval '1 second' AS at) t,
        LATERAL (SELECT CASE WHEN n % 10 <> 0 THEN 'confirmed' ELSE
                 (ARRAY['raised', 'handling', 'handling', 'handling', 'suspended', 'submitted'])
                 [(n / 10) % 6 + 1] END AS state) s,
        LATERAL (SELECT v[n % 60 + 1] AS a, v[(n / 7) % 60 + 1] AS b, v[(n / 61) % 60 + 1] AS c,
                        v[(n / 977) % 60 + 1] AS d FROM (SELECT {words} AS v) v) w""",
        """INSERT INTO casework_event (path, version, at, transition, from_state, to_state, clock,
               note, payload, account_id, case_id)
        SELECT c.path, e.version, c.raised_at + (e.version - 1) * interval '2 hours', e.transition,
               e.from_state, e.to_state, e.clock, e.note,
               CASE WHEN e.version = 1 THEN targets.stored ELSE '{}' END,
               CASE WHEN e.version IN (1, 5) THEN c.reporter_id ELSE c.lead_account_id END, c.id
        FROM casework_case c, targets, LATERAL (VALUES
          (1, 'raise', '', 'raised', ARRAY['start'], ''),
          (2, 'receive', 'raised', 'handling', ARRAY['respond'], ''),
          (3, 'answer', 'handling', 'handling', ARRAY[]::text[], '已现场核实'),
          (4, CASE WHEN c.state IN ('confirmed', 'submitted') THEN 'submit' ELSE 'answer' END,
              'handling', CASE WHEN c.state IN ('confirmed', 'submitted') THEN 'submitted'
              ELSE 'handling' END,
              CASE WHEN c.state IN ('confirmed', 'submitted') THEN ARRAY['stop'] ELSE ARRAY[]::text[] END,
              '正在办理'),
          (5, CASE c.state WHEN 'confirmed' THEN 'satisfied' WHEN 'submitted' THEN 'urge'
                           ELSE 'answer' END,
              CASE WHEN c.state IN ('confirmed', 'submitted') THEN 'submitted' ELSE 'handling' END,
              c.state, ARRAY[]::text[], '')
        ) e (version, transition, from_state, to_state, clock, note)""",
        """INSERT INTO casework_responsibility (path, role, status, at, reason, account_id, case_id, unit_id)
        SELECT path, 'lead', 'accepted', raised_at, '', lead_account_id, id, lead_unit_id
        FROM casework_case""",
        """INSERT INTO casework_measure (path, text, owner_name, due_on, created_at, done_at, result,
               dropped_why, case_id, owner_id)
        SELECT path, '现场协调并跟进', '', (raised_at + interval '10 days')::date, raised_at,
               met_at, '', '', id, lead_account_id
        FROM casework_case WHERE id % 2 = 0""",
    ]
