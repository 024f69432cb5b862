"""The container files, as far as they can be tried without a container engine."""

import os
import re
import stat
import subprocess
from pathlib import Path

import harness
import manifests
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DOCKER = ROOT / "docker"
GOOD = "a-long-enough-secret"


class Loader(yaml.SafeLoader):
    """Compose's own tags ``!reset`` and ``!override`` are lists here."""


Loader.add_constructor("!reset", lambda loader, node: loader.construct_sequence(node))


def compose(name):
    return yaml.load((DOCKER / name).read_text(), Loader)


@pytest.fixture(scope="module")
def whole():
    return compose("compose.yml")


class TestCompose:
    def test_paths_exist(self, whole):
        build = whole["services"]["init"]["build"]
        context = (DOCKER / build["context"]).resolve()
        assert context == ROOT
        assert (context / build["dockerfile"]).is_file()
        proxy = compose("compose.scale.yml")["services"]["proxy"]
        for volume in proxy["volumes"]:
            assert (DOCKER / volume.split(":")[0]).is_file()

    def test_services_volumes_and_secrets_are_declared(self, whole):
        for service in whole["services"].values():
            for volume in service.get("volumes", []):
                assert volume.split(":")[0] in whole["volumes"]
            assert set(service.get("secrets", [])) <= set(whole["secrets"])
            assert set(service.get("depends_on", {})) <= set(whole["services"])

    def test_what_others_wait_for_is_checked(self, whole):
        scale = compose("compose.scale.yml")["services"]
        services = {**whole["services"], **scale}
        for service in services.values():
            for name, wanted in service.get("depends_on", {}).items():
                if wanted["condition"] == "service_healthy":
                    assert "healthcheck" in whole["services"][name]

    def test_every_password_comes_from_a_file(self, whole):
        for service in whole["services"].values():
            for key, value in service.get("environment", {}).items():
                if "PASSWORD" in key:
                    assert key.endswith("_FILE")
                    assert value.removeprefix("/run/secrets/") in service["secrets"]

    def test_secrets_are_made_by_the_script_and_never_tracked(self, whole, tmp_path):
        subprocess.run([DOCKER / "make-secrets.sh", tmp_path], check=True)
        values = set()
        for secret in whole["secrets"].values():
            path = tmp_path / secret["file"]
            values.add(path.read_text())
            assert len(path.read_text()) == 24
        assert len(values) == 3
        ignored = subprocess.run(
            ["git", "check-ignore", "-q", "docker/secrets/x"], cwd=ROOT
        )
        assert ignored.returncode == 0

    def test_environment_is_known_to_the_entry_point(self, whole):
        script = (DOCKER / "entrypoint.sh").read_text()
        for name in ("init", "odoo"):
            for key in whole["services"][name]["environment"]:
                assert re.search(rf"\b{key}\b", script), key

    def test_proxy_sends_the_bus_to_its_own_port(self):
        conf = (DOCKER / "nginx.conf").read_text()
        websocket = re.search(r"location /websocket \{(.*?)\}", conf, re.S)[1]
        assert "odoo:8072" in websocket
        assert "Upgrade" in websocket


class TestDockerfile:
    def test_copied_paths_exist(self):
        text = (DOCKER / "Dockerfile").read_text()
        for source in re.findall(r"^COPY (?:--\S+ )*(\S+) \S+$", text, re.M):
            assert (ROOT / source).exists(), source

    def test_every_addon_is_in_the_image(self):
        text = (DOCKER / "Dockerfile").read_text()
        for name in manifests.read(tests=False):
            if not name.endswith("_demo"):
                assert f"COPY {name} /mnt/extra-addons/{name}" in text

    def test_python_requirements_of_the_addons_are_installed(self):
        pins = (ROOT / "requirements/addons.txt").read_text()
        wanted = set()
        for manifest in manifests.read(tests=False).values():
            wanted.update(manifest.get("external_dependencies", {}).get("python", []))
        names = set(re.findall(r"^([\w.-]+)==", pins, re.M))
        assert wanted <= names


class TestEntryPoint:
    """The script under a shell, with stand-ins for the commands that it calls."""

    @pytest.fixture
    def enter(self, tmp_path):
        calls = tmp_path / "calls"
        self.stand_in(tmp_path, "odoo", f'echo "odoo $*" >>{calls}')
        self.stand_in(tmp_path, "psql", 'echo "$PSQL_SAYS"')
        self.stand_in(tmp_path, "pg_isready", 'exit "${PG_DOWN:-0}"')
        for name in ("DB", "MASTER", "ADMIN"):
            (tmp_path / name).write_text(f"{GOOD}-{name}\n")

        def enter(*arguments, **variables):
            environment = {
                **os.environ,
                "PATH": f"{tmp_path}/bin:{os.environ['PATH']}",
                "ODOO_CONF": str(tmp_path / "odoo.conf"),
                "AUTO_SERVICE_SHARE": str(DOCKER),
                "DB_PATIENCE": "1",
                **{f"{n}_PASSWORD_FILE": str(tmp_path / n) for n in ("DB", "MASTER")},
                "ADMIN_PASSWORD_FILE": str(tmp_path / "ADMIN"),
                **variables,
            }
            done = subprocess.run(
                ["bash", DOCKER / "entrypoint.sh", *arguments],
                env=environment,
                capture_output=True,
                text=True,
                stdin=subprocess.DEVNULL,
            )
            done.calls = calls.read_text().splitlines() if calls.exists() else []
            done.conf = tmp_path / "odoo.conf"
            return done

        return enter

    @staticmethod
    def stand_in(folder, name, body):
        path = folder / "bin" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)

    def test_serves_with_passwords_from_files(self, enter):
        done = enter("serve", "--workers=4")
        assert done.returncode == 0, done.stderr
        assert done.calls == ["odoo server --workers=4"]
        conf = done.conf.read_text()
        assert f"admin_passwd = {GOOD}-MASTER\n" in conf
        assert f"db_password = {GOOD}-DB\n" in conf
        assert stat.S_IMODE(done.conf.stat().st_mode) == 0o600
        assert GOOD not in " ".join(done.calls)

    @pytest.mark.parametrize("name", ["DB", "MASTER"])
    def test_refuses_without_a_password(self, enter, name):
        done = enter(**{f"{name}_PASSWORD_FILE": ""})
        assert done.returncode == 78
        assert f"{name}_PASSWORD_FILE" in done.stderr
        assert not done.calls
        assert not done.conf.exists()

    def test_refuses_a_file_that_is_not_there(self, enter):
        done = enter(MASTER_PASSWORD_FILE="/nowhere")
        assert done.returncode == 78
        assert "cannot be read" in done.stderr

    def test_refuses_a_short_password(self, enter, tmp_path):
        (tmp_path / "MASTER").write_text("admin\n")
        done = enter()
        assert done.returncode == 78
        assert "shorter than 12" in done.stderr
        assert not done.calls

    def test_subcommands_reach_odoo_as_they_are(self, enter):
        assert enter("db", "--help").calls == ["odoo db --help"]

    def test_says_that_the_database_server_does_not_answer(self, enter):
        done = enter(PG_DOWN="1")
        assert done.returncode == 78
        assert "no answer from the database server" in done.stderr

    def test_first_start_creates_the_database_with_the_suite(self, enter):
        calls = enter("init", PSQL_SAYS="").calls
        assert [call.split()[1] for call in calls] == ["db", "shell", "-d"]
        assert "--password a-long-enough-secret-ADMIN" in calls[0]
        assert "-i auto_service " in calls[2]

    def test_later_start_upgrades(self, enter):
        calls = enter("init", PSQL_SAYS="1").calls
        assert calls == ["odoo module upgrade --outdated -d garage all"]

    def test_init_makes_a_real_database(self, enter, tmp_path):
        """Against Odoo and PostgreSQL, with a small addon in place of ours."""
        database = f"t_{os.getpid()}_docker"
        # What bin/odoo does, but with the configuration that the entry point wrote.
        script = f"""
            source {ROOT}/bin/lib/common.sh
            require_odoo
            export PYTHONPATH="$ODOO_PYTHONPATH"
            exec "$PY" "$ODOO_BIN" "$@"
        """
        path = tmp_path / "bin/odoo"
        path.write_text(f"#!/bin/bash\n{script}\n")
        for name in ("psql", "pg_isready"):
            (tmp_path / "bin" / name).unlink()
        environment = {
            "DB_HOST": os.environ["PGHOST"],
            "ODOO_ADDONS": str(ROOT),
            "ODOO_DATA": str(harness.CACHE / "data"),
            "AUTO_SERVICE_DB": database,
            "AUTO_SERVICE_MODULES": "phone_validation",
        }
        try:
            first = enter("init", **environment)
            assert first.returncode == 0, first.stderr[-3000:]
            states = (
                "SELECT state FROM ir_module_module WHERE name = 'phone_validation'"
            )
            assert harness.query(database, states) == [["installed"]]
            url = "SELECT value FROM ir_config_parameter WHERE key = 'report.url'"
            assert harness.query(database, url) == [["http://127.0.0.1:8069"]]
            again = enter("init", **environment)
            assert again.returncode == 0, again.stderr[-3000:]
        finally:
            harness.drop(database)
