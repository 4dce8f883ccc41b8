"""Every operation of the REST interface, as every role and as nobody, inside and outside a scope.

Each app's `tests/matrix.py` says who may do what. An operation without an entry fails; so does a stale
entry.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from luodi.config.api import api
from tests.expect import ALL, PDF, Ids
from tests.matrix import OPERATIONS
from tests.test_matrix import trail
from tests.world import World

UPLOADED = {"kind": "people", "digest": "a" * 64}
ROWS = ("名册.csv", "姓名,身份证号,所在单位\n示例赵,123,示例甲公司\n".encode())


def described() -> set[str]:
    return {
        f"{method.upper()} {path.removeprefix('/api/v1')}"
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
        code=code, pk=ids.get(operation.about), key="directory.members", year=2023, **UPLOADED
    ) + operation.query.format(**ids)
    if path.endswith(("/files", "/imports/people")):
        upload = {"file": SimpleUploadedFile(*(("示例.pdf", PDF) if "/files" in path else ROWS))}
        token = {"Authorization": f"Bearer {world.rest[role].token}"} if role else {}
        return world.clients[None].post(f"/api/v1{path}", upload, headers=token)
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
        rows, every = (got["items"] for got in (own, whole))
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
            answer = client.generic(method, f"/api/v1{path}", "{}", "application/json")
            assert answer.status_code == 401, name
            assert trail() == before, name
