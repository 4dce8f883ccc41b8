"""A table that nothing guards or watches, and a migration that is not frozen or not there, fail lint."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from django.db import models
from django.db.migrations.state import ProjectState
from django.test.utils import isolate_apps
from tools.migrations import check, problems

from luodi.ground.tables import frozen, migrating
from luodi.ground.tables.api import ByUnit, Public, Unwatched, Watch, live_imports, missing
from luodi.ground.tables.checks import check_model

# Landed migrations import these files: whatever becomes of the product, they stay as they are.
FROZEN = "681676ea43bf583d147cc392bdfab07d2f39928cddb4788a60f41821a9db0065"


def ids(model: type[models.Model]) -> list[str]:
    return sorted(str(error.id) for error in check_model(model))


def test_nothing_is_wrong_today() -> None:
    assert problems() == []


@isolate_apps("luodi.ground.tables")
def test_a_model_says_who_sees_it_and_what_is_kept() -> None:
    class Meta:
        app_label = "tables"

    parts = {"Meta": Meta, "__module__": __name__}
    guard, watch = Public("a vocabulary"), Watch()

    def made(name: str, **more: object) -> list[str]:
        return ids(type(name, (models.Model,), {**parts, **more}))

    assert made("Neither") == ["tables.E001", "tables.E002"]
    assert made("Unguarded", watch=watch) == ["tables.E001"]
    assert made("Unwatched", guard=guard) == ["tables.E002"]
    assert made("Both", guard=guard, watch=watch) == []
    assert made("NoReason", guard=Public(" "), watch=Unwatched("")) == ["tables.E003"] * 2
    assert made("NoUnit", guard=ByUnit(), watch=watch) == ["tables.E004"]
    number = models.IntegerField()
    path = models.TextField()
    assert made("NoKey", guard=ByUnit(), watch=watch, path=path, unit=number) == ["tables.E004"]
    assert made("NoColumn", guard=guard, watch=Watch(hidden=["x"])) == ["tables.E005"]


@isolate_apps("luodi.ground.tables", "django.contrib.contenttypes")
def test_so_does_a_table_that_django_makes_for_pairs() -> None:
    from django.contrib.contenttypes.models import ContentType

    class Tag(models.Model):  # noqa: DJ008 - for a moment
        about = models.ManyToManyField(ContentType)
        guard = Public("words")
        watch = Watch()

        class Meta:
            app_label = "tables"

    assert ids(Tag) == []
    assert ids(Tag.about.through) == ["tables.E001", "tables.E002"]


@pytest.mark.parametrize(
    "line",
    [
        "from luodi.ground.scope.api import Unit",
        "import luodi.rooms.workbench.models",
        "from ..models import Case",
        "from luodi.ground.tables.guard import IN_RANGE",
    ],
)
def test_a_migration_imports_nothing_that_may_change(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "0099_live.py"
    file.write_text(f"from django.db import migrations\n{line}\n")
    assert len(list(live_imports([file]))) == 1
    monkeypatch.setattr(migrating, "migration_files", lambda: [file])
    assert check() == 1


def test_a_change_without_a_migration_is_found() -> None:
    from django.apps import apps

    state = ProjectState.from_apps(apps)
    state.add_field("directory", "chain", "colour", models.TextField(default=""), False)
    assert [line.split(":")[0] for line in missing(state)] == ["directory"]


def test_frozen_text_is_frozen() -> None:
    files = sorted(Path(str(frozen.__file__)).parent.glob("*.py"))
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files))
    assert digest.hexdigest() == FROZEN
