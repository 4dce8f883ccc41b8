"""The server's ordinary life: made, started, attached to, stopped; who may and may not in."""

import os
import pwd
import shutil
import stat
from pathlib import Path

import psycopg
import pytest

from luodi.lib.postgres import Cluster, ClusterError, default_data_dir
from luodi.lib.postgres.binaries import wheel_binaries

DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")
only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives the server a user")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def show(cluster: Cluster, *names: str) -> dict[str, str]:
    with psycopg.connect(**cluster.params("postgres", "postgres")) as connection:
        query = "SELECT current_setting(%s)"
        return {name: connection.execute(query, [name]).fetchone()[0] for name in names}


def test_start_twice_is_one_server(shared: Cluster) -> None:
    before = shared.status()
    shared.start()
    Cluster(shared.data_dir).start()
    assert before.running
    assert before.state == "ready"
    assert shared.status() == before


def test_durable_and_closed_settings(shared: Cluster) -> None:
    expected = {
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "autovacuum": "on",
        "jit": "off",
        "max_connections": "100",
        "data_checksums": "on",
        "listen_addresses": "",
        "unix_socket_permissions": "0700",
        "password_encryption": "scram-sha-256",
        "server_encoding": "UTF8",
        "logging_collector": "on",
        "default_text_search_config": "pg_catalog.simple",
    }
    assert show(shared, *expected) == expected


def test_text_sorts_by_code_point(shared: Cluster) -> None:
    with psycopg.connect(**shared.params("postgres", "postgres")) as connection:
        provider, locale = connection.execute(
            "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'postgres'"
        ).fetchone()
        ordered = connection.execute(
            "SELECT string_agg(word, '' ORDER BY word)"
            " FROM unnest(ARRAY['b', '落', 'B', '啊', 'a']) AS word"
        ).fetchone()[0]
    assert (provider, locale) == ("b", "C.UTF-8")
    assert ordered == "".join(sorted("b落B啊a"))


def test_folders_and_secrets_are_private(shared: Cluster) -> None:
    assert mode(shared.pgdata) == 0o700
    assert mode(shared.socket_dir) == 0o700
    assert mode(shared.data_dir) in {0o700, 0o710}
    for name in ("passwords.json", "server.json", "lock", "start.log"):
        assert mode(shared.data_dir / name) == 0o600
    assert len(set(shared.passwords.values())) == len(shared.passwords) == 3
    assert all(len(password) >= 32 for password in shared.passwords.values())


@only_root
def test_root_runs_the_server_as_somebody_else(shared: Cluster) -> None:
    owner = Path(f"/proc/{shared.status().pid}").stat().st_uid
    assert owner != 0
    assert owner == shared.pgdata.stat().st_uid == shared.socket_dir.stat().st_uid
    assert pwd.getpwuid(owner).pw_name != "nobody"
    assert shared.data_dir.stat().st_uid == 0


def test_both_forms_of_parameters_connect(shared: Cluster) -> None:
    for role in ("luodi_app", "luodi_migrate"):
        for connection in (
            psycopg.connect(shared.dsn(role, "luodi")),
            psycopg.connect(**shared.params(role, "luodi")),
        ):
            with connection:
                assert connection.execute("SELECT current_user").fetchone() == (role,)
    with pytest.raises(ClusterError, match="nobody_knows"):
        shared.params("nobody_knows", "luodi")


@pytest.mark.parametrize("password", ["wrong", ""])
def test_wrong_password_is_refused(shared: Cluster, password: str) -> None:
    for role in ("postgres", "luodi_app"):
        params = {**shared.params(role, "postgres"), "password": password}
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(**params)


def test_other_users_cannot_open_the_socket(shared: Cluster, in_process, stranger: int) -> None:
    code = "psycopg.connect(sys.argv[2])"
    other = in_process(code, shared.data_dir, shared.dsn("luodi_app", "luodi"), user=stranger)
    _, said = other.communicate(timeout=30)
    assert other.returncode == 1
    assert "Permission denied" in said


def test_server_outlives_its_starter_and_another_process_stops_it(folder: Path, in_process) -> None:
    starter = in_process("c.start(); print(c.status().pid)", folder)
    pid, said = starter.communicate(timeout=60)
    assert starter.returncode == 0, said
    cluster = Cluster(folder)
    assert cluster.status().pid == int(pid)
    assert os.getsid(int(pid)) not in {os.getsid(0), starter.pid}
    show(cluster, "server_version")
    stopper = in_process("c.stop()", folder)
    assert stopper.wait(30) == 0
    assert cluster.status().state == "stopped"
    cluster.stop()
    cluster.start()
    assert cluster.status().pid != int(pid)


def test_five_starts_at_once_make_one_cluster(folder: Path, in_process) -> None:
    code = (
        "c.start()\n"
        "with psycopg.connect(**c.params('postgres', 'postgres')) as k:\n"
        "    print(k.execute('SELECT pg_postmaster_start_time(), system_identifier"
        " FROM pg_control_system()').fetchone(), c.status().pid)"
    )
    starters = [in_process(code, folder) for _ in range(5)]
    said = [starter.communicate(timeout=90) for starter in starters]
    assert [starter.returncode for starter in starters] == [0] * 5, said
    assert len({out for out, _ in said}) == 1
    assert not list(folder.glob(".luodi-initdb-*"))


@pytest.mark.parametrize("name", ["长" * 40, "a b", 'it\'s, "$HOME" `x`; 落地'], ids=str)
def test_awkward_paths(folder: Path, name: str) -> None:
    cluster = Cluster(folder.parent / name)
    try:
        cluster.start()
        assert show(cluster, "data_directory")["data_directory"] == str(cluster.pgdata)
        assert mode(cluster.socket_dir) == 0o700
        assert len(os.fsencode(cluster.socket_dir)) < 95
        assert cluster.status().socket_dir == cluster.socket_dir
    finally:
        cluster.stop("immediate")
        if cluster.data_dir not in cluster.socket_dir.parents:
            shutil.rmtree(cluster.socket_dir)


@pytest.mark.skipif(not DEBIAN_15.exists(), reason="Debian's PostgreSQL 15 is not installed")
def test_debian_15(folder: Path) -> None:
    cluster = Cluster(folder, DEBIAN_15)
    cluster.start()
    assert show(cluster, "server_version")["server_version"].startswith("15.")
    assert cluster.status().version.startswith("15.")
    cluster.stop()
    with pytest.raises(ClusterError) as caught:
        Cluster(folder, wheel_binaries(folder).folder).start()
    assert caught.value.code == "major-version"


def test_an_ordinary_user_has_a_server(base: Path, in_process, stranger: int) -> None:
    try:
        user = pwd.getpwnam("nobody").pw_uid
    except KeyError:
        pytest.skip("no ordinary user to act as")
    home = base / "ordinary"
    home.mkdir(mode=0o700)
    os.chown(home, user, user)
    code = (
        "c.start(); c.start()\n"
        "bootstrap(c.dsn('postgres', 'postgres'), dbname='luodi', passwords=c.passwords)\n"
        "with psycopg.connect(**c.params('luodi_app', 'luodi')) as k:\n"
        "    print(k.execute('SELECT current_user').fetchone()[0], c.status().pid)\n"
    )
    ordinary = in_process(code, home / "data", user=user)
    out, said = ordinary.communicate(timeout=90)
    assert ordinary.returncode == 0, said
    role, pid = out.split()
    assert role == "luodi_app"
    assert Path(f"/proc/{pid}").stat().st_uid == user
    assert mode(home / "data") == 0o700
    other = in_process("c.start()", home / "data", user=stranger)
    assert other.wait(30) == 1
    with psycopg.connect(**Cluster(home / "data").params("luodi_app", "luodi")) as by_root:
        assert by_root.execute("SELECT 1").fetchone() == (1,)
    stopper = in_process("c.stop(); print(c.status().state)", home / "data", user=user)
    assert stopper.communicate(timeout=60)[0].strip() == "stopped"


@only_root
def test_a_closed_parent_is_named_and_left_alone(folder: Path) -> None:
    closed = folder.parent / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(ClusterError) as caught:
        Cluster(closed / "below" / "data").start()
    assert caught.value.code == "unreachable"
    assert str(closed) in caught.value.text("en")
    assert mode(closed) == 0o700
    assert not list(closed.iterdir())


@only_root
def test_programs_that_the_server_user_cannot_reach_are_copied(folder: Path) -> None:
    programs = wheel_binaries(folder).folder
    closed = folder.parent / "closed"
    package = closed / programs.parents[1].name
    shutil.copytree(programs.parent, package / programs.parent.name, symlinks=True)
    libraries = programs.parents[2] / f"{package.name}.libs"
    if libraries.exists():
        shutil.copytree(libraries, closed / libraries.name)
    closed.chmod(0o700)
    cluster = Cluster(folder, package / programs.parent.name / "bin")
    cluster.start()
    running = Path(f"/proc/{cluster.status().pid}/exe").resolve()
    assert running.is_relative_to(folder / "programs")
    assert mode(closed) == 0o700
    cluster.stop()
    cluster.start()


def test_folders_with_other_things_are_left_alone(folder: Path) -> None:
    foreign = folder / "pgdata"
    foreign.mkdir(parents=True)
    (foreign / "letter.txt").write_text("dear")
    with pytest.raises(ClusterError) as caught:
        Cluster(folder).start()
    assert caught.value.code == "foreign-folder"
    assert [path.name for path in foreign.iterdir()] == ["letter.txt"]


def test_a_shared_folder_keeps_its_permissions(folder: Path) -> None:
    folder.mkdir()
    (folder / "media").mkdir()
    folder.chmod(0o755)
    for _ in range(2):
        Cluster(folder).start()
        assert mode(folder) == 0o755
        Cluster(folder).stop()
    assert mode(folder / "pgdata") == 0o700
    assert (folder / "media").exists()


def test_a_server_that_cannot_start_says_why(abused: Cluster) -> None:
    abused.stop()
    configuration = abused.pgdata / "postgresql.conf"
    good = configuration.read_text()
    configuration.write_text(good + "no_such_setting = 1\n")
    with pytest.raises(ClusterError, match="no_such_setting") as caught:
        abused.start()
    assert caught.value.code == "start-failed"
    configuration.write_text(good)
    abused.start()


def test_missing_programs_and_passwords_are_sentences(folder: Path) -> None:
    with pytest.raises(ClusterError, match="PostgreSQL"):
        Cluster(folder, folder / "nothing").start()
    with pytest.raises(ClusterError) as caught:
        _ = Cluster(folder).passwords
    assert caught.value.code == "no-passwords"
    with pytest.raises(ClusterError) as caught:
        Cluster(folder).dump(folder.parent / "x.dump", "luodi")
    assert caught.value.code in {"not-running", "no-passwords"}


def test_default_data_dir(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert default_data_dir() == Path("/var/lib/luodi")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("XDG_DATA_HOME", "/srv/share")
    assert default_data_dir() == Path("/srv/share/luodi")
    monkeypatch.delenv("XDG_DATA_HOME")
    assert default_data_dir() == Path.home() / ".local/share/luodi"


def test_nothing_is_printed(abused: Cluster, capfd: pytest.CaptureFixture[str]) -> None:
    abused.stop()
    abused.start()
    abused.status()
    assert capfd.readouterr() == ("", "")
