"""The command `luodi` as an operator meets it: help, exit codes, a sentence and no traceback."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from luodi.cli import site
from luodi.ground.scope.api import Account
from luodi.lib.postgres import Cluster

ROOT = Path(__file__).resolve().parents[4]
FILL = """
from luodi.config.ready import ready
ready()
from django.core.files.uploadedfile import SimpleUploadedFile
from luodi.rooms.casework import api as casework
from luodi.ground.scope.api import SYSTEM, acting
from tests.zone import build_zone
from tests.expect import PDF
with acting(SYSTEM):
    zone = build_zone()
    case = casework.raise_problem(actor=SYSTEM, unit=zone.enterprise, text="示例：停电。")
    casework.attach(actor=SYSTEM, case=case, upload=SimpleUploadedFile("示例.pdf", PDF))
"""
COUNT = """
from luodi.config.ready import ready
ready(migrate=False)
from luodi.rooms.casework.models import Case
from luodi.ground.evidence.models import File
from luodi.ground.audit.models import Entry, Epoch
from luodi.ground.scope.api import SYSTEM, Account, acting
with acting(SYSTEM):
    files = [one.location.is_file() for one in File.objects.all()]
    print("counted", Account.objects.count(), Case.objects.count(), all(files), len(files),
          Epoch.objects.count())
"""


@dataclass
class Terminal:
    """Where commands run: a data folder of their own."""

    data: Path

    def run(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return self._run(["-m", "luodi", *arguments], settings)

    def python(self, program: str) -> str:
        settings = {"DJANGO_SETTINGS_MODULE": "luodi.config.settings"}
        done = self._run(["-c", program], settings)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _run(
        self, arguments: list[str], settings: dict[str, str]
    ) -> subprocess.CompletedProcess[str]:
        left_out = {"DATABASE_URL", "LUODI_SECRET_KEY", "LUODI_MIGRATE_URL"}
        environment = {key: value for key, value in os.environ.items() if key not in left_out}
        environment |= {
            "LUODI_DATA": str(self.data),
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
            "PYTHONUTF8": "1",
            **settings,
        }
        return subprocess.run(
            [sys.executable, *arguments],
            env=environment,
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )


def folder() -> Path:
    base = Path(tempfile.mkdtemp(prefix="luodi-cli-", dir="/tmp"))
    base.chmod(0o711)  # the server's own user must pass
    return base


@pytest.fixture(scope="module")
def base() -> Iterator[Path]:
    path = folder()
    yield path
    for pgdata in path.glob("**/pgdata"):
        Cluster(pgdata.parent).stop("immediate")
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="module")
def terminal(base: Path) -> Terminal:
    """A site with a few records."""
    filled = Terminal(base / "data")
    filled.python(FILL)
    return filled


def sentence(done: subprocess.CompletedProcess[str], code: int = 1) -> str:
    """What the command said of a mistake: its exit code, one sentence, no traceback."""
    assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
    assert "Traceback" not in done.stderr, done.stderr
    said = done.stderr.strip()
    assert said
    return said


COMMANDS = [
    "demo",
    "init-site",
    "serve",
    "worker",
    "db",
    "import",
    "export",
    "audit",
    "api",
    "doctor",
    "check-database",
]


def test_help_names_every_command(base: Path) -> None:
    done = Terminal(base / "none").run("--help")
    assert done.returncode == 0
    assert all(command in done.stdout for command in COMMANDS)
    assert "luodi 0" in Terminal(base / "none").run("--version").stdout
    assert not (base / "none").exists()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_and_touches_nothing(base: Path, command: str) -> None:
    done = Terminal(base / "none").run(command, "--help")
    assert done.returncode == 0 and "usage: luodi" in done.stdout
    assert not (base / "none").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["fly"],
        ["db"],
        ["db", "fly"],
        ["import", "cats", "x.xlsx"],
        ["serve", "--processes", "x"],
    ],
)
def test_what_is_not_understood_is_2(base: Path, arguments: list[str]) -> None:
    assert "usage: luodi" in sentence(Terminal(base / "none").run(*arguments), 2)


def test_a_folder_that_cannot_be_made(base: Path) -> None:
    (base / "file").write_text("x")
    sentence(Terminal(base / "file" / "data").run("db", "start"))


def test_a_database_that_is_not_there(base: Path) -> None:
    url = "postgresql://luodi_app:x@127.0.0.1:1/luodi"
    done = Terminal(base / "elsewhere").run("db", "migrate", DATABASE_URL=url)
    assert "数据库连不上" in sentence(done)
    done = Terminal(base / "elsewhere").run("audit", "verify", DATABASE_URL="nonsense")
    assert "postgresql://" in sentence(done)


def test_start_stop_and_status(terminal: Terminal) -> None:
    assert terminal.run("db", "start").returncode == 0
    running = terminal.run("db", "status")
    assert running.returncode == 0 and "running" in running.stdout
    assert terminal.run("db", "stop").returncode == 0
    stopped = terminal.run("db", "status")
    assert stopped.returncode == 1 and "stopped" in stopped.stdout
    assert terminal.run("db", "stop").returncode == 0


def test_wrong_files_and_unknown_people(terminal: Terminal, tmp_path: Path) -> None:
    missing = terminal.run("import", "people", str(tmp_path / "none.xlsx"), "--as", "office")
    assert "No such file" in sentence(missing)
    wrong = tmp_path / "wrong.xlsx"
    wrong.write_bytes(b"not a workbook")
    sentence(terminal.run("import", "people", str(wrong), "--as", "office"))
    assert "No such account" in sentence(
        terminal.run("export", "people", str(tmp_path / "x.xlsx"), "--as", "nobody")
    )
    sentence(terminal.run("export", "enterprises", str(tmp_path / "no/x.xlsx"), "--as", "office"))


@pytest.mark.slow
def test_a_backup_brings_everything_back(terminal: Terminal, base: Path) -> None:
    """Rows, evidence and key; and the trail, sealed before, is intact in its new epoch."""
    assert terminal.run("audit", "seal").returncode == 0
    before = terminal.python(COUNT).split("counted ")[1].split()
    backup = base / "all.tar"
    assert terminal.run("db", "backup", str(backup)).returncode == 0
    assert backup.stat().st_mode & 0o777 == 0o600
    with tarfile.open(backup) as archive:
        assert {"manifest.json", "database.dump", "secret_key"} <= set(archive.getnames())

    assert "--yes" in sentence(terminal.run("db", "restore", str(backup)))
    fresh = Terminal(base / "fresh")
    restored = fresh.run("db", "restore", str(backup))
    assert restored.returncode == 0, restored.stderr
    after = fresh.python(COUNT).split("counted ")[1].split()
    assert after[:4] == before[:4] and before[2:4] == ["True", "1"]
    assert int(after[4]) == int(before[4]) + 1
    verified = fresh.run("audit", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert fresh.run("audit", "seal").returncode == 0
    assert fresh.run("audit", "verify").returncode == 0
    assert fresh.run("db", "stop").returncode == 0


@pytest.mark.slow
def test_a_broken_backup_changes_nothing(terminal: Terminal, base: Path) -> None:
    before = terminal.python(COUNT)
    broken, half = base / "broken.tar", base / "half.tar"
    broken.write_bytes(b"not a backup")
    whole = base / "whole.tar"
    assert terminal.run("db", "backup", str(whole)).returncode == 0
    half.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    for file in (broken, half, base / "none.tar"):
        sentence(terminal.run("db", "restore", str(file), "--yes"))
    assert terminal.python(COUNT) == before
    unwritable = terminal.run("db", "backup", str(base / "no" / "folder" / "x.tar"))
    assert "No such file" in sentence(unwritable)


def test_the_first_account_has_a_mail(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site, "ready", lambda: None)
    options = {"zone": "示例新区", "county": None, "username": "first", "name": "示例某"}
    assert site.run(argparse.Namespace(**options, email="first@example.org")) == 0
    assert Account.objects.get(username="first").email == "first@example.org"
