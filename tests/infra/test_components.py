"""Parts of the cache folder are complete or absent, whatever was killed when."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRELUDE = f"source {ROOT}/bin/lib/common.sh; source {ROOT}/bin/lib/postgres.sh; "
PRELUDE += f"source {ROOT}/bin/lib/setup.sh; "
BUILDER = """
    build() { echo built >>"$CACHE/count"; echo half >"$1/half"; sleep "${PAUSE:-0}"
              echo whole >"$1/whole"; }
"""


@pytest.fixture
def shell(tmp_path):
    """Run bash with the scripts' functions, on a cache folder of its own."""

    def run(script, check=True, **variables):
        environment = {**os.environ, "AUTO_SERVICE_CACHE": str(tmp_path), **variables}
        environment.pop("AUTO_SERVICE_LOCKED", None)
        done = subprocess.run(
            ["bash", "-c", PRELUDE + BUILDER + script],
            env=environment,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )
        assert not check or done.returncode == 0, done.stderr
        return done

    return run


def builds(folder):
    count = folder / "count"
    return len(count.read_text().splitlines()) if count.exists() else 0


def test_component_is_built_once_for_a_stamp(shell, tmp_path):
    shell("component thing 1 build")
    shell("component thing 1 build || true")
    assert builds(tmp_path) == 1
    assert (tmp_path / "thing/whole").exists()


def test_component_with_another_stamp_is_built_anew(shell, tmp_path):
    shell("component thing 1 build")
    (tmp_path / "thing/old").touch()
    shell("component thing 2 build")
    assert builds(tmp_path) == 2
    assert not (tmp_path / "thing/old").exists()
    assert (tmp_path / "thing/.stamp").read_text() == "2\n"


def test_failed_build_keeps_the_former_one_and_says_so(shell, tmp_path):
    shell("component thing 1 build")
    done = shell("fails() { return 1; }; component thing 2 fails", check=False)
    assert done.returncode
    assert "thing could not be built" in done.stderr
    assert (tmp_path / "thing/.stamp").read_text() == "1\n"


def test_killed_build_is_not_used_and_the_next_run_completes_it(shell, tmp_path):
    process = subprocess.Popen(
        ["bash", "-c", PRELUDE + BUILDER + "component thing 1 build"],
        env={**os.environ, "AUTO_SERVICE_CACHE": str(tmp_path), "PAUSE": "30"},
        start_new_session=True,
    )
    deadline = time.monotonic() + 10
    while not (tmp_path / "thing.new/half").exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert not (tmp_path / "thing").exists()
    shell("component thing 1 build")
    assert (tmp_path / "thing/whole").exists()
    assert not (tmp_path / "thing.new").exists()


def test_kill_between_the_two_moves_is_mended(shell, tmp_path):
    shell("component thing 1 build")
    (tmp_path / "thing").rename(tmp_path / "thing.old")
    shell("component thing 2 build")
    assert (tmp_path / "thing/.stamp").read_text() == "2\n"
    assert not (tmp_path / "thing.old").exists()


def test_two_setups_do_not_run_at_once(shell, tmp_path):
    script = "job() { echo in >>$CACHE/order; sleep 0.5; echo out >>$CACHE/order; }; "
    script += "with_lock job & (sleep 0.2; with_lock job); wait"
    done = shell(script)
    assert (tmp_path / "order").read_text().split() == ["in", "out", "in", "out"]
    assert "waiting" in done.stderr


def test_lock_of_a_killed_setup_is_free(shell, tmp_path):
    process = subprocess.Popen(
        ["bash", "-c", PRELUDE + "with_lock sleep 30"],
        env={**os.environ, "AUTO_SERVICE_CACHE": str(tmp_path)},
        start_new_session=True,
    )
    time.sleep(0.5)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    started = time.monotonic()
    shell("with_lock true")
    assert time.monotonic() - started < 5


def test_cache_folder_belongs_to_one_checkout(shell, tmp_path):
    other = tmp_path / "other"
    (other / "bin").mkdir(parents=True)
    (other / "bin/setup").touch()
    (tmp_path / "checkout").write_text(f"{other}\n")
    done = shell("claim_cache", check=False)
    assert f"belongs to the checkout {other}" in done.stderr
    (other / "bin/setup").unlink()
    shell("claim_cache")
    assert (tmp_path / "checkout").read_text() == f"{ROOT}\n"


def test_stamp_changes_with_words_and_with_files(shell, tmp_path):
    (tmp_path / "pins").write_text("a==1\n")
    script = 'hash_of one "@$CACHE/pins"'
    first = shell(script).stdout
    assert shell(script).stdout == first
    (tmp_path / "pins").write_text("a==2\n")
    assert shell(script).stdout != first


def test_secret_is_random_kept_and_private(shell, tmp_path):
    shell("make_secret advisor")
    path = tmp_path / "secrets/advisor"
    first = path.read_text()
    shell("make_secret advisor; make_secret parts")
    assert path.read_text() == first
    assert len(first) == 12
    assert first != (tmp_path / "secrets/parts").read_text()
    assert path.stat().st_mode & 0o777 == 0o600


def test_only_packages_whose_probe_is_absent_are_missing(shell, tmp_path):
    here, absent = tmp_path / "here-1.0", tmp_path / "absent"
    here.touch()
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements/system.txt").write_text(
        f"# comment\nrun one {tmp_path}/here-*\nrun two {absent}|{here}\n"
        f"run three {absent}\nlint four {absent}\n"
    )
    done = shell("ROOT=$CACHE; missing_packages run")
    assert done.stdout.split() == ["three"]


class TestCluster:
    """A real PostgreSQL in a folder of its own."""

    @pytest.fixture
    def pg(self, shell):
        # The server's own user must be able to enter it, so not below pytest's folder.
        folder = Path(f"/var/tmp/auto-service-test-{os.getpid()}")
        shutil.rmtree(folder, ignore_errors=True)

        def run(script, check=True):
            return shell(script, check, AUTO_SERVICE_CACHE=str(folder))

        folder.mkdir(mode=0o711)
        yield run, folder
        run("pg_paths; pg_stop")
        shutil.rmtree(folder)

    def test_cluster_listens_on_no_network_port(self, pg):
        run, _folder = pg
        run("pg_paths; pg_ready")
        shown = run("pg_paths; sql postgres 'SHOW listen_addresses'")
        assert shown.stdout.strip() == ""

    def test_role_of_the_suite_is_no_superuser(self, pg):
        run, _folder = pg
        run("pg_paths; pg_ready")
        query = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
        assert run(f'pg_paths; sql postgres "{query}"').stdout.strip() == "f"

    def test_broken_cluster_is_noticed_and_made_anew(self, pg):
        run, folder = pg
        run("pg_paths; pg_ready; createdb -U odoo mine; pg_stop")
        (folder / "pg/data/global/pg_control").unlink()
        done = run("pg_paths; pg_ready; db_exists mine || echo gone")
        assert "making a new one" in done.stderr
        assert "gone" in done.stdout
        assert (folder / "pg.broken").is_dir()

    def test_killed_server_comes_up_again_with_its_databases(self, pg):
        run, folder = pg
        run("pg_paths; pg_ready; createdb -U odoo mine")
        server = int((folder / "pg/data/postmaster.pid").read_text().splitlines()[0])
        os.kill(server, signal.SIGKILL)
        deadline = time.monotonic() + 20
        while Path(f"/proc/{server}").exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        assert run("pg_paths; pg_ready; db_exists mine && echo here").stdout == "here\n"

    def test_template_bears_its_stamp_only_when_finished(self, pg):
        run, folder = pg
        run("pg_paths; pg_ready; createdb -U odoo tpl_x_new")
        assert run("pg_paths; db_stamp tpl_x").stdout.strip() == ""
        (folder / "data/filestore/tpl_x_new").mkdir(parents=True)
        run("pg_paths; db_finish tpl_x_new tpl_x abc")
        assert run("pg_paths; db_stamp tpl_x").stdout.strip() == "abc"
        assert (folder / "data/filestore/tpl_x").is_dir()

    def test_clone_takes_the_filestore_along_and_drop_removes_both(self, pg):
        run, folder = pg
        store = folder / "data/filestore"
        run("pg_paths; pg_ready; createdb -U odoo tpl_x")
        (store / "tpl_x/ab").mkdir(parents=True)
        (store / "tpl_x/ab/file").write_text("content")
        run("pg_paths; db_clone mine tpl_x")
        assert (store / "mine/ab/file").read_text() == "content"
        run("pg_paths; db_drop mine")
        assert not (store / "mine").exists()
        assert (store / "tpl_x/ab/file").exists()
        assert run("pg_paths; db_exists mine || echo gone").stdout == "gone\n"
