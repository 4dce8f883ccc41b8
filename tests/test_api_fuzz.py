"""Whatever is sent to the REST interface, it answers: no error of ours, and nothing is kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error

from luodi.config.api import api
from luodi.config.wsgi import application
from tests.matrix import OPERATIONS, REFERENCES
from tests.world import World

# Who may do much, who may do little, who looks at what no unit owns.
ROLES = ("office", "liaison", "auditor")
schema = schemathesis.openapi.from_dict(dict(api.get_openapi_schema()))
schema.app = application


@pytest.fixture(autouse=True, scope="module")
def one_connection() -> Iterator[None]:
    """Requests stay inside the test's transaction: nothing closes its connection between them."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


def aim(case: Any, world: World) -> None:
    """Points a generated case at objects that are there, so that it gets past the door."""
    ids = world.inside
    name = f"{case.operation.method.upper()} {case.operation.path.removeprefix('/api/v1')}"
    about = OPERATIONS[name].about
    for key in case.path_parameters or {}:
        kind = f"case:{about}" if key == "code" else about
        known = {**ids, "figure": "casework.solved"}
        case.path_parameters[key] = known.get(kind, case.path_parameters[key])
    for given_values in (case.query, case.body):
        if isinstance(given_values, dict):
            given_values.update(
                {key: ids[REFERENCES[key]] for key in given_values if key in REFERENCES}
            )


@pytest.mark.parametrize("name", sorted(OPERATIONS))
@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(data=st.data(), role=st.sampled_from(ROLES), aimed=st.booleans())
def test_no_error_of_ours(
    world: World, name: str, data: st.DataObject, role: str, aimed: bool
) -> None:
    method, path = name.split()
    mode = data.draw(st.sampled_from(list(GenerationMode)))
    case = data.draw(schema[f"/api/v1{path}"][method].as_strategy(generation_mode=mode))
    if aimed:
        aim(case, world)
    token = {"Authorization": f"Bearer {world.rest[role].token}"}
    with world.tried():
        answer = case.call(headers=token)
    case.validate_response(answer, checks=[not_a_server_error])
