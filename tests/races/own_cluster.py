"""A PostgreSQL of a test's own, which may be killed."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import psutil

SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{socket}'
port = 5432
shared_buffers = 128MB
max_connections = 100
# What the server said "done" to is done, also after a kill.
synchronous_commit = on
"""


class OwnCluster:
    """A cluster with a copy of one database, as a context manager.

    :param str database: name of the database to copy
    """

    def __init__(self, database):
        self.database = database
        self.programs = max(Path("/usr/lib/postgresql").glob("*/bin/initdb")).parent
        # Short: the socket's path must not be longer than the kernel allows.
        self.folder = Path(tempfile.mkdtemp(prefix="own-pg-", dir="/var/tmp"))
        self.data = self.folder / "data"

    def __enter__(self):
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres")
        self.folder.chmod(0o755)
        self.run("initdb", "-D", self.data, "-U", "odoo", "--auth=trust", "-E", "UTF8")
        with (self.data / "postgresql.conf").open("a") as settings:
            settings.write(SETTINGS.format(socket=self.folder))
        self.start()
        self.copy()
        return self

    def __exit__(self, *_details):
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def options(self):
        """For an Odoo that works with it."""
        return ("--db_host", self.folder, "--db_port", 5432, "--db_user", "odoo")

    def run(self, program, *arguments):
        """A program of the server, not as root: it refuses that."""
        prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        command = [*prefix, self.programs / program, *arguments]
        log = self.folder / "commands.log"
        with log.open("ab") as output:
            done = subprocess.run(
                list(map(str, command)),
                check=False,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        assert done.returncode == 0, log.read_text()[-3000:]

    def start(self):
        log = self.folder / "server.log"
        self.run("pg_ctl", "-D", self.data, "-l", log, "-w", "-t", 60, "start")

    def kill(self):
        """No farewell: the server and all its processes are gone at once."""
        pid = int((self.data / "postmaster.pid").read_text().split()[0])
        try:
            server = psutil.Process(pid)
        except psutil.NoSuchProcess:
            return
        assert server.username() in {"postgres", pwd.getpwuid(os.getuid()).pw_name}
        family = [server, *server.children(recursive=True)]
        for process in family:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        psutil.wait_procs(family, 20)

    def copy(self):
        """The database, from the cluster of the tests."""
        here = ["-h", str(self.folder), "-U", "odoo"]
        programs = self.programs
        subprocess.run([programs / "createdb", *here, self.database], check=True)
        dump = subprocess.Popen(
            [programs / "pg_dump", "-Fp", "--no-owner", self.database],
            stdout=subprocess.PIPE,
        )
        subprocess.run(
            [programs / "psql", *here, "-q", "-X", "-d", self.database],
            check=True,
            stdin=dump.stdout,
            stdout=subprocess.DEVNULL,
        )
        assert dump.wait() == 0

    def query(self, sql):
        """Rows as lists of strings, as :func:`harness.query`."""
        command = [self.programs / "psql", "-h", self.folder, "-U", "odoo"]
        command += ["-X", "-q", "-A", "-t", "-F", "\t", "-d", self.database, "-c", sql]
        done = subprocess.run(
            list(map(str, command)), check=True, capture_output=True, text=True
        )
        return [line.split("\t") for line in done.stdout.splitlines()]

    def clean_log(self):
        """Sentences of the server's own log that speak of damage."""
        text = (self.folder / "server.log").read_text(errors="replace")
        return [line for line in text.splitlines() if "PANIC" in line]


def kill_server(server):
    """The Odoo server with all its workers, without a farewell.

    :param server: harness.OdooServer
    """
    server_process = psutil.Process(server.process.pid)
    family = [server_process, *server_process.children(recursive=True)]
    for process in family:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    server.process.wait(20)
    psutil.wait_procs(family[1:], 20)
