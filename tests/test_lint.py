"""`make lint` fails on the mistakes that no reviewer should have to find: each is made here once."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tools.chinese import in_python, in_template, unmarked

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What import-linter says of the product with a stray app, a bypass and a circle in it."""
    tree = tmp_path_factory.mktemp("tree")
    shutil.copytree(
        ROOT / "src/luodi",
        tree / "luodi",
        ignore=shutil.ignore_patterns("tests", "static", "templates", "locale", "__pycache__"),
    )
    shutil.copytree(ROOT / "tools", tree / "tools")
    shutil.copy(ROOT / "pyproject.toml", tree)
    stray = tree / "luodi/rooms/stray"
    stray.mkdir()
    (stray / "__init__.py").write_text("from luodi.rooms.casework.models import Case\n")
    lower = tree / "luodi/rooms/directory/__init__.py"
    lower.write_text("import luodi.rooms.casework.api\n")
    told = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=tree,
        env={"PYTHONPATH": str(tree), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode != 0
    return " ".join(told.stdout.split())


def test_an_app_in_no_layer(judged: str) -> None:
    assert "stray" in judged and "Rooms depend one way BROKEN" in judged


def test_a_way_past_an_apps_api(judged: str) -> None:
    assert "Other apps import only an app's api BROKEN" in judged
    assert "luodi.rooms.stray -> luodi.rooms.casework.models" in judged


def test_a_room_that_uses_what_stands_on_it(judged: str) -> None:
    assert "luodi.rooms.directory is not allowed to import luodi.rooms.casework" in judged


def test_chinese_that_nobody_can_read_in_english() -> None:
    assert list(in_python('"""说明"""\nx = _("好")\ny = f"坏{x}"\n')) == [(3, "坏")]
    assert list(in_template('{% translate "好" %}\n<p title="坏">{{ x }}</p>\n')) == [
        (2, '<p title="坏"></p>')
    ]
    assert not list(unmarked())
