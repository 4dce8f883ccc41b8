"""Every operation of the REST interface, as every role and as nobody, inside and outside a scope.

`OPERATIONS` says who may do what. An operation without an entry fails; so does a stale entry.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from luodi.config.api import api
from luodi.lib.codes import example_identity, example_uscc
from tests.test_matrix import trail
from tests.world import PDF, Ids, World
from tests.zone import PLACES

ALL = frozenset(PLACES)
NOBODY: frozenset[str] = frozenset()
OFFICERS = frozenset({"office", "secretary", "deputy", "county_officer"})
ZONE = OFFICERS - {"county_officer"}  # who leads what the other district has no instructor for
REPORTERS = frozenset({"branch_secretary", "liaison"})
LEAD = frozenset({"instructor"})
SEES = OFFICERS | LEAD | REPORTERS  # rows of the first enterprise
DEPARTMENT = frozenset({"department_officer"})
PEOPLE = SEES - {"liaison"}
ENTERPRISES = frozenset({"office", "instructor"})
CONFIGURE = frozenset({"office", "system_admin"})
AUDITOR = frozenset({"auditor"})
WRITERS = OFFICERS | LEAD
READERS = WRITERS | {"branch_secretary"}

Body = Callable[[Ids], Any]


@dataclass(frozen=True)
class Operation:
    """Who may do it about what is inside, and who also about what is outside (the zone's officers).

    `about`: what `{pk}` names, or the state of the case that `{code}` names. `otherwise`: what the
    others are told.
    """

    who: frozenset[str]
    body: Body = lambda ids: None
    about: str = "handling"
    outside: frozenset[str] | None = None
    query: str = ""
    otherwise: frozenset[int] = frozenset({403, 404})
    open: bool = False  # to nobody too

    def whose(self, *, inside: bool) -> frozenset[str]:
        if inside:
            return self.who
        return self.who & OFFICERS if self.outside is None else self.outside


def reading(who: frozenset[str], about: str = "", query: str = "") -> Operation:
    """A list, which everyone of `who` gets with the rows that they see."""
    return Operation(who, about=about, outside=None if about else who, query=query)


def empty(ids: Ids) -> Any:
    return {}


def reason(ids: Ids) -> Any:
    return {"reason": "示例"}


def text(ids: Ids) -> Any:
    return {"text": "示例"}


def measure(ids: Ids) -> Any:
    return {"text": "示例", "due_on": "2099-01-01", "owner_name": "示例某"}


def template(ids: Ids) -> Any:
    return {"kind": "answer", "name": "示例", "text": "示例", "unit": ids["unit"]}


def robot(ids: Ids) -> Any:
    return {
        "unit": ids["unit"],
        "kind": "wecom",
        "name": "示例",
        "address": "https://example.org/",
    }


def person(ids: Ids) -> Any:
    identity = example_identity(90, dt.date(1990, 1, 1))
    return {"unit_id": ids["unit"], "name": "示例钱", "identity": identity}


def branch(ids: Ids) -> Any:
    return {
        "parent_id": ids["unit"],
        "name": "示例新党支部",
        "type": "branch",
        "founded_on": "2024-01-01",
    }


def enterprise(ids: Ids) -> Any:
    return {"district_id": ids["district"], "name": "示例丁公司", "code": example_uscc(77)}


def report(ids: Ids) -> Any:
    span = {"since": "2022-01-01", "until": "2022-12-22"}
    return {"unit_id": ids["unit"], "template": "annual", **span}


def words(ids: Ids) -> Any:
    return {"title": "示例", "text": "示例"}


def on(ids: Ids) -> Any:
    return {"on": "2024-01-01"}


PERIOD = "?unit={unit}&since=2026-01-01&until=2026-12-31"

VIEWERS = SEES - {"liaison"} | {"part_time_member", "department_officer"}


def programme(ids: Ids) -> Any:
    return {
        "unit_id": ids["unit"],
        "name": "示例新工程",
        "since": "2024-01-01",
        "until": "2099-01-01",
    }


def duty(ids: Ids) -> Any:
    days = {"since": "2024-01-01", "due_on": "2099-01-01"}
    return {"text": "示例", "owner_unit_id": ids["unit"], **days}


def promised(ids: Ids) -> Any:
    return {
        "figure": "directory.enterprises",
        "comparison": ">=",
        "value": "3",
        "due_on": "2099-01-01",
    }


def statement(ids: Ids) -> Any:
    return {
        "unit_id": ids["unit"],
        "since": "2024-01-01",
        "until": "2024-12-31",
        "base": "100",
        "current": "120",
        "organisation": "示例统计局",
        "document": "示例公报",
    }


def linked(ids: Ids) -> Any:
    return {"code": ids["case:handling"]}


def indicator(ids: Ids) -> Any:
    words = {"name": "示例新指标", "definition": "示例口径"}
    return {"key": "example_new", "kind": "growth", **words}


SPAN = {"unit_id", "since", "until"}

PROGRAMMES: dict[str, Operation] = {
    "GET /programmes": reading(VIEWERS, query="?unit={unit}"),
    "GET /programmes/{pk}": reading(SEES - {"liaison"}, "programme"),
    "POST /programmes": Operation(OFFICERS, programme),
    "POST /programmes/{pk}/measures": Operation(OFFICERS, duty, "programme"),
    "POST /programmes/measures/{pk}/finish": Operation(OFFICERS, on, "duty"),
    "POST /programmes/measures/{pk}/targets": Operation(
        OFFICERS, lambda ids: {"since": "2024-01-01", **promised(ids)}, "duty"
    ),
    "POST /programmes/targets/{pk}/change": Operation(
        OFFICERS, lambda ids: {"reason": "示例", "on": "2024-01-01", **promised(ids)}, "target"
    ),
    "POST /programmes/targets/{pk}/case": Operation(OFFICERS, about="target"),
    "PATCH /programmes/{pk}": Operation(OFFICERS, lambda ids: {"aim": "示例"}, "programme"),
    "PATCH /programmes/measures/{pk}": Operation(OFFICERS, text, "duty"),
    "POST /programmes/measures/{pk}/reopen": Operation(OFFICERS, empty, "duty"),
    "POST /programmes/measures/{pk}/cases": Operation(OFFICERS, linked, "duty"),
    "POST /programmes/measures/{pk}/cases/remove": Operation(
        OFFICERS, lambda ids: {"code": ids["case_linked"]}, "duty"
    ),
    "POST /programmes/targets/{pk}/drop": Operation(
        OFFICERS, lambda ids: on(ids) | reason(ids), "target"
    ),
    "GET /indicators": reading(VIEWERS),
    "POST /indicators": Operation(OFFICERS, indicator, outside=OFFICERS),
    "PATCH /indicators/{pk}": Operation(
        OFFICERS, lambda ids: {"name": "示例指标名"}, "indicator", OFFICERS
    ),
    "POST /observations/{pk}/correct": Operation(
        OFFICERS,
        lambda ids: {k: v for k, v in statement(ids).items() if k not in SPAN},
        "observation",
    ),
    "POST /observations/{pk}/withdraw": Operation(OFFICERS, empty, "observation"),
    "GET /indicators/{pk}/observations": Operation(VIEWERS, about="indicator", outside=VIEWERS),
    "POST /indicators/{pk}/observations": Operation(OFFICERS, statement, "indicator"),
}

READING: dict[str, Operation] = {
    "GET /me": reading(ALL),
    "GET /units": reading(ALL),
    "GET /cases": reading(ALL),
    "GET /cases/statistics": Operation(SEES, query=PERIOD),
    "GET /cases/{code}": reading(SEES, "handling"),
    "GET /procedures": reading(ALL),
    "GET /categories": reading(ALL),
    "GET /templates": reading(ALL),
    "GET /filters": reading(ALL),
    "GET /figures": reading(ALL),
    "GET /figures/{key}": reading(SEES, "figure", "?unit={unit}"),
    "GET /figures/{key}/trend": reading(SEES, "figure", "?unit={unit}"),
    "GET /enterprises": reading(ALL),
    "GET /enterprises/{pk}": reading(SEES, "enterprise"),
    "GET /branches": reading(ALL),
    "GET /branches/{pk}": reading(SEES, "branch"),
    "GET /branches/{pk}/remarks": reading(SEES, "branch"),
    "GET /people": reading(PEOPLE | {"part_time_member"}),
    "GET /people/{pk}": reading(PEOPLE, "person"),
    "GET /notices": reading(ALL),
    "GET /deliveries": reading(ALL),
    "GET /robots": reading(CONFIGURE),
    "GET /files/{pk}": reading(SEES, "file"),
    "GET /files/{pk}/content": reading(SEES, "file"),
    "GET /reports": reading(READERS | {"part_time_member"}),
    "GET /reports/templates": reading(READERS | {"part_time_member"}),
    "GET /reports/key": Operation(ALL, outside=ALL, open=True),
    "GET /reports/{pk}": reading(READERS, "report"),
    "GET /reports/{pk}/document": reading(READERS, "report"),
    "GET /reports/{pk}/comparison": reading(READERS, "report"),
    "GET /reports/{pk}/article": reading(READERS, "report"),
    "GET /reports/{pk}/docx": reading(READERS, "report"),
    "GET /reports/{pk}/pdf": reading(READERS, "report"),
    "GET /reports/{pk}/sealed": reading(WRITERS, "report"),
    "GET /trail": reading(AUDITOR),
    "GET /trail/seals": reading(AUDITOR),
}

CASES: dict[str, Operation] = {
    "POST /cases": Operation(SEES, lambda ids: {"unit": ids["unit"], "text": "示例"}),
    "POST /cases/on-behalf": Operation(
        PEOPLE,
        lambda ids: {"unit": ids["unit"], "text": "示例", "reporter_name": "示例某"},
    ),
    "POST /cases/bulk-assign": Operation(
        OFFICERS | LEAD, lambda ids: {"unit": ids["department"], "cases": [ids["case"]]}
    ),
    "POST /cases/{code}/receive": Operation(OFFICERS | LEAD, empty, "raised"),
    "POST /cases/{code}/hand-over": Operation(
        OFFICERS | LEAD, lambda ids: {"unit": ids["department"]}
    ),
    "POST /cases/{code}/accept": Operation(DEPARTMENT, empty, "offered", DEPARTMENT),
    "POST /cases/{code}/return": Operation(DEPARTMENT, reason, "offered", DEPARTMENT),
    "POST /cases/{code}/take-back": Operation(OFFICERS | LEAD, empty, "offered"),
    "POST /cases/{code}/escalate": Operation(LEAD, reason, outside=ZONE),
    "POST /cases/{code}/ask-department": Operation(
        OFFICERS | LEAD, lambda ids: {"unit": ids["department"], "text": "示例"}
    ),
    "POST /cases/{code}/join": Operation(DEPARTMENT, empty, "asked", DEPARTMENT),
    "POST /cases/{code}/decline": Operation(DEPARTMENT, reason, "asked", DEPARTMENT),
    "POST /cases/{code}/answer": Operation(LEAD, text, outside=ZONE),
    "POST /cases/{code}/pause": Operation(OFFICERS | LEAD, reason),
    "POST /cases/{code}/resume": Operation(OFFICERS | LEAD, reason, "suspended"),
    "POST /cases/{code}/submit": Operation(LEAD, lambda ids: {"note": "示例"}, "asked", ZONE),
    "POST /cases/{code}/verify": Operation(REPORTERS, lambda ids: {"satisfied": True}, "submitted"),
    # whose turn it is does not urge, and is told so
    "POST /cases/{code}/urge": Operation(
        SEES - LEAD,
        empty,
        outside=OFFICERS - ZONE,
        otherwise=frozenset({403, 404, 422}),
    ),
    "POST /cases/{code}/supervise": Operation(OFFICERS, text),
    "POST /cases/{code}/set-deadline": Operation(
        OFFICERS, lambda ids: {"due_at": "2099-01-01T00:00:00Z", "reason": "示例"}
    ),
    "POST /cases/{code}/change-procedure": Operation(
        OFFICERS, lambda ids: {"procedure": "special_rectification", "reason": "示例"}
    ),
    "POST /cases/{code}/withdraw": Operation(REPORTERS, reason, "raised"),
    "POST /cases/{code}/reject": Operation(OFFICERS | LEAD, reason, "raised"),
    "POST /cases/{code}/close": Operation(OFFICERS, reason),
    "POST /cases/{code}/reopen": Operation(OFFICERS | REPORTERS, reason, "confirmed"),
    "POST /cases/{code}/link": Operation(
        OFFICERS | LEAD, lambda ids: {"other": ids["case:raised"]}
    ),
    "POST /cases/{code}/merge": Operation(
        OFFICERS | LEAD, lambda ids: {"into": ids["case:raised"]}
    ),
    "POST /cases/{code}/unmerge": Operation(OFFICERS | LEAD, reason, "merged"),
    "POST /cases/{code}/measures": Operation(OFFICERS | LEAD, measure),
    "PUT /measures/{pk}": Operation(OFFICERS | LEAD, measure, "measure"),
    "POST /measures/{pk}/finish": Operation(OFFICERS | LEAD, empty, "measure"),
    "POST /measures/{pk}/drop": Operation(OFFICERS | LEAD, reason, "measure"),
    "POST /cases/{code}/files": Operation(SEES),
    "POST /measures/{pk}/files": Operation(SEES, about="measure"),
    "POST /cases/{code}/phone": Operation(PEOPLE, lambda ids: {"why": "示例"}),
    # nobody while a case is open: the office is told so (422)
    "POST /cases/{code}/forget-reporter": Operation(
        frozenset(), lambda ids: {"why": "示例"}, otherwise=frozenset({403, 404, 422})
    ),
    "POST /categories": Operation(
        OFFICERS, lambda ids: {"name": "示例新类别", "unit": ids["unit"]}
    ),
    "PUT /categories/{pk}": Operation(OFFICERS, lambda ids: {"name": "示例改名"}, "category"),
    "POST /templates": Operation(OFFICERS, template),
    "PUT /templates/{pk}": Operation(OFFICERS, template, "template"),
    "POST /filters": Operation(ALL, lambda ids: {"name": "示例", "query": "q=1"}, outside=ALL),
    "DELETE /filters/{pk}": Operation(
        frozenset({"liaison"}), about="filter", outside=frozenset({"office"})
    ),
    "POST /units/{pk}/intake": Operation(SEES, about="unit"),
    "POST /units/{pk}/intake/rotate": Operation(SEES, about="unit"),
}

OTHERS: dict[str, Operation] = {
    "POST /enterprises": Operation(ENTERPRISES, enterprise),
    "PATCH /enterprises/{pk}": Operation(
        ENTERPRISES, lambda ids: {"address": "示例路"}, "enterprise"
    ),
    "POST /branches": Operation(frozenset({"office"}), branch),
    "POST /people": Operation(PEOPLE, person),
    "PATCH /people/{pk}": Operation(PEOPLE, lambda ids: {"name": "示例孙"}, "person"),
    "POST /people/{pk}/memberships": Operation(
        PEOPLE,
        lambda ids: {"branch_id": ids["branch"], "stage": "activist", "since": "2024-01-01"},
        "stranger",
    ),
    "POST /memberships/{pk}/advance": Operation(PEOPLE, on, "membership"),
    "POST /memberships/{pk}/transfer": Operation(
        PEOPLE,
        lambda ids: {"branch_id": ids["second_branch"], "on": "2024-01-01"},
        "membership",
    ),
    "POST /memberships/{pk}/end": Operation(PEOPLE, on, "membership"),
    "POST /people/{pk}/posts": Operation(
        PEOPLE,
        lambda ids: {
            "unit_id": ids["branch_unit"],
            "kind": "branch_member",
            "since": "2024-01-01",
        },
        "person",
    ),
    "POST /posts/{pk}/end": Operation(PEOPLE, on, "post"),
    "POST /reports": Operation(WRITERS, report),
    "PATCH /reports/{pk}": Operation(WRITERS, words, "draft"),
    "DELETE /reports/{pk}": Operation(WRITERS, about="draft"),
    "POST /reports/{pk}/publish": Operation(WRITERS, empty, "draft"),
    # nobody: nothing waits
    "POST /reports/{pk}/call-off": Operation(
        NOBODY, empty, "draft", otherwise=frozenset({403, 404, 422})
    ),
    "POST /reports/{pk}/withdraw": Operation(WRITERS, reason, "report"),
    "POST /reports/{pk}/article": Operation(READERS, empty, "report"),
    "POST /reports/{pk}/pack": Operation(WRITERS, empty, "report"),
    "POST /reports/templates": Operation(
        WRITERS, lambda ids: {"unit_id": ids["unit"], "title": "示例", "text": "示例"}
    ),
    # takes a form with a file; without one everybody is told so
    "POST /reports/verify": Operation(NOBODY, otherwise=frozenset({422}), open=True),
    "POST /figures/check/file": Operation(NOBODY, otherwise=frozenset({422})),
    "POST /figures/check": Operation(
        SEES,
        lambda ids: {"text": "党员3人", "unit": ids["unit"]},
    ),
    "POST /notices/read": reading(ALL),
    "POST /notices/{pk}/read": Operation(ALL, about="notice", outside=ALL),
    "POST /deliveries/{pk}/retry": Operation(CONFIGURE, about="delivery", outside=CONFIGURE),
    "POST /robots": Operation(CONFIGURE, robot, outside=CONFIGURE),
    "DELETE /robots/{pk}": Operation(CONFIGURE, about="robot", outside=CONFIGURE),
}

DEFINERS = frozenset({"office", "county_officer"})
KNOWN = SEES | {"part_time_member"}  # the zone's registers


def entry(ids: Ids) -> Any:
    values = {"title": "示例专利", "type": "design"}
    return {"unit_id": ids["unit"], "values": values, "since": "2022-01-01"}


def correction(ids: Ids) -> Any:
    return {**entry(ids), "reason": "示例"}


def change(ids: Ids) -> Any:
    return {"values": {"title": "示例专利", "type": "design"}, "on": "2022-01-01"}


REGISTERS: dict[str, Operation] = {
    "GET /registers": reading(KNOWN | DEPARTMENT),
    "GET /registers/{pk}": Operation(KNOWN, about="register", outside=KNOWN),
    "GET /registers/{pk}/entries": Operation(KNOWN, about="register", outside=KNOWN),
    "GET /registers/entries/{pk}": Operation(SEES, about="register_entry"),
    "POST /registers": Operation(
        DEFINERS, lambda ids: {"unit_id": ids["unit"], "name": "示例账", "date_label": "日期"}
    ),
    "POST /registers/{pk}/columns": Operation(
        DEFINERS, lambda ids: {"label": "示例列", "kind": "text"}, "register", DEFINERS
    ),
    "POST /registers/{pk}/figures": Operation(
        DEFINERS, lambda ids: {"name": "示例数", "kind": "count"}, "register", DEFINERS
    ),
    "POST /registers/{pk}/entries": Operation(SEES, entry, "register"),
    "POST /registers/entries/{pk}/change": Operation(SEES, change, "register_entry"),
    "POST /registers/entries/{pk}/correct": Operation(SEES, correction, "register_entry"),
    "POST /registers/entries/{pk}/end": Operation(SEES, on, "register_entry"),
    "POST /registers/entries/{pk}/withdraw": Operation(SEES, reason, "register_entry"),
    "POST /registers/entries/{pk}/files": Operation(SEES, about="register_entry"),
}

JURY = KNOWN  # by role, in one of the two juries
AWARDS: dict[str, Operation] = {
    "GET /registers/{pk}/rounds": Operation(KNOWN, about="award", outside=KNOWN),
    "GET /registers/rounds/{pk}": Operation(KNOWN, about="round", outside=KNOWN),
    "POST /registers/{pk}/rounds": Operation(
        OFFICERS, lambda ids: {"unit_id": ids["zone"], "name": "示例新一轮"}, "award"
    ),
    "POST /registers/rounds/{pk}/candidacies": Operation(
        SEES,
        lambda ids: {"unit_id": ids["unit"], "name": "示例孙家", "reason": "示例"},
        "round:nominate",
    ),
    "POST /registers/rounds/{pk}/ballot": Operation(
        JURY, lambda ids: {"approves": [ids["candidacy"]]}, "round", JURY
    ),
    "POST /registers/rounds/{pk}/advance": Operation(OFFICERS, empty, "round:nominate"),
    "POST /registers/candidacies/{pk}/review": Operation(
        OFFICERS, lambda ids: {"passed": True}, "candidacy:review"
    ),
    "POST /registers/candidacies/{pk}/objections": Operation(KNOWN, text, "candidacy", KNOWN),
    "POST /registers/objections/{pk}/resolve": Operation(
        OFFICERS, lambda ids: {"upheld": False, "answer": "示例"}, "objection"
    ),
}


def another(ids: Ids) -> Any:
    return {"label": "示例列名"}


DEFINITIONS: dict[str, Operation] = {
    "POST /registers/install": Operation(
        DEFINERS, lambda ids: {"unit_id": ids["zone"], "key": "brands"}, outside=DEFINERS
    ),
    "PATCH /registers/{pk}": Operation(
        DEFINERS, lambda ids: {"name": "示例台账"}, "register", DEFINERS
    ),
    "POST /registers/{pk}/retire": Operation(DEFINERS, empty, "register", DEFINERS),
    "PATCH /registers/columns/{pk}": Operation(DEFINERS, another, "register_column", DEFINERS),
    "POST /registers/columns/{pk}/move": Operation(
        DEFINERS, lambda ids: {"up": False}, "register_column", DEFINERS
    ),
    "POST /registers/columns/{pk}/retire": Operation(
        DEFINERS, empty, "register_column:free", DEFINERS
    ),
    "PATCH /registers/figures/{pk}": Operation(
        DEFINERS, lambda ids: {"name": "示例指标名"}, "register_figure", DEFINERS
    ),
    "POST /registers/figures/{pk}/retire": Operation(DEFINERS, empty, "register_figure", DEFINERS),
}

IMPORTERS = frozenset({"office", "instructor"})
UPLOADED = {"kind": "people", "digest": "a" * 64}
ROWS = ("名册.csv", "姓名,身份证号,所在单位\n示例赵,123,示例甲公司\n".encode())
IMPORTS: dict[str, Operation] = {
    "POST /imports/{kind}": Operation(IMPORTERS, outside=IMPORTERS),
    # a dry run is its maker's own
    "GET /imports/{kind}/{digest}": Operation(NOBODY),
    "POST /imports/{kind}/{digest}/answers": Operation(NOBODY, lambda ids: {"answers": {}}),
    "POST /imports/{kind}/{digest}/write": Operation(NOBODY, empty),
    "DELETE /imports/{kind}/{digest}": Operation(NOBODY, empty),
}

OPERATIONS = READING | CASES | OTHERS | REGISTERS | AWARDS | DEFINITIONS | PROGRAMMES | IMPORTS


def described() -> set[str]:
    return {
        f"{method.upper()} {path.removeprefix('/api')}"
        for path, methods in api.get_openapi_schema()["paths"].items()
        for method in methods
    }


def test_every_operation_has_an_entry_and_every_entry_an_operation() -> None:
    assert set(OPERATIONS) == described()


def send(world: World, role: str | None, name: str, ids: Ids) -> Any:
    """Does an operation about the objects of `ids`."""
    operation, (method, path) = OPERATIONS[name], name.split()
    code = ids.get(f"case:{operation.about}")
    path = path.format(
        code=code, pk=ids.get(operation.about), key="directory.members", **UPLOADED
    ) + operation.query.format(**ids)
    if path.endswith(("/files", "/imports/people")):
        upload = {"file": SimpleUploadedFile(*(("示例.pdf", PDF) if "/files" in path else ROWS))}
        token = {"Authorization": f"Bearer {world.rest[role].token}"} if role else {}
        return world.clients[None].post(f"/api{path}", upload, headers=token)
    return world.rest[role].send(method, path, operation.body(ids))


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_who_may_do_it(world: World, name: str) -> None:
    operation = OPERATIONS[name]
    for inside, ids in ((True, world.inside), (False, world.outside)):
        for role in (*sorted(ALL), None):
            with world.tried():
                before = trail()
                answer = send(world, role, name, ids)
                written = trail() - before
            said = f"{role} {'inside' if inside else 'outside'} {name}: {answer.status_code}"
            if role is None and operation.open:
                assert answer.status_code in {200, *operation.otherwise} and written == 0, said
            elif role is None:
                assert answer.status_code == 401 and written == 0, said
            elif role in operation.whose(inside=inside):
                assert answer.status_code in {200, 201, 204}, f"{said} {answer.content!r}"
                assert written == 0 or not name.startswith("GET"), said
            else:
                assert answer.status_code in operation.otherwise, said
                assert answer.json()["detail"]


def test_a_list_holds_nothing_of_outside(world: World) -> None:
    """What a liaison's lists show is of the liaison's own enterprise."""
    for path in ("/cases?limit=200", "/enterprises?limit=200", "/branches?limit=200"):
        own = world.rest["liaison"].get(path).json()
        whole = world.rest["county_officer"].get(path).json()
        rows, every = (got["items"] if isinstance(got, dict) else got for got in (own, whole))
        assert 0 < len(rows) < len(every), path


def test_a_session_alone_writes_nothing(world: World) -> None:
    """REST takes no cookie for a write: another site could have sent it."""
    for name in sorted(OPERATIONS):
        method, path = name.split()
        if method == "GET" or OPERATIONS[name].open:
            continue
        code = world.inside[f"case:{OPERATIONS[name].about}"] if "{code}" in path else ""
        path = path.format(code=code, pk=1, **UPLOADED)
        with world.tried():
            before = trail()
            client = world.clients["office"]
            answer = client.generic(method, f"/api{path}", "{}", "application/json")
            assert answer.status_code == 401, name
            assert trail() == before, name
