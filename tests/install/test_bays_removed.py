"""The planning leaves a company that used it: employees stay, bays leave no trace."""

import subprocess

import gate
import harness
import manifests

LOGS = harness.TEST_LOGS
ADDON = "auto_service_booking"

USE = """
from datetime import datetime, timedelta

start = datetime(2026, 3, 2, 8)
off = {"date_from": start, "date_to": start + timedelta(days=9), "name": "Broken"}
bay = env["auto.service.bay"].create({"name": "Lift 1"})
gone = env["auto.service.bay"].create({"name": "Old lift"})
gone.action_archive()
env["auto.service.equipment"].create({"name": "Tester"})
env["auto.service.courtesy.car"].create({"name": "Yaris"})
employee = env["hr.employee"].create({"name": "Toomas Mets"})
man = env["auto.service.technician"].create({"employee_id": employee.id})
for resource in (bay.resource_id, man.resource_id):
    row = env["auto.service.allocation"].create(
        {
            "resource_id": resource.id,
            "start": start,
            "stop": start + timedelta(hours=1),
            "is_overtime": True,
        }
    )
    env.cr.execute(
        "UPDATE auto_service_allocation SET state = 'done' WHERE id = %s", [row.id]
    )
    env["resource.calendar.leaves"].create({**off, "resource_id": resource.id})
env.cr.commit()
"""
RESOURCES = "SELECT name, resource_type, active FROM resource_resource ORDER BY name"
TIME_OFF = """
    SELECT l.name, r.name FROM resource_calendar_leaves l
      LEFT JOIN resource_resource r ON r.id = l.resource_id ORDER BY l.id"""


def run(database, name, *arguments):
    log = LOGS / f"bays_{name}.log"
    code = harness.run_odoo(*arguments, log=log)
    assert code == 0, log.read_text(errors="replace")[-4000:]
    problems = gate.log_problems(log)
    assert not problems, "\n".join(problems)


def use(database):
    """Two bays, equipment, a car and a technician with past work and time off."""
    command = harness.odoo_command("shell", "-d", database, "--no-http")
    done = subprocess.run(command, input=USE, text=True, capture_output=True)
    assert done.returncode == 0, done.stderr[-4000:]


def test_bays_go_and_employees_stay(make_db):
    host = manifests.host_modules_of(ADDON, manifests.read(tests=False))
    template = harness.bin_db("host-template", ",".join(host)).strip()
    database = make_db("bays_removed", template)
    before = harness.query(database, RESOURCES)
    time_off = harness.query(database, TIME_OFF)

    install = ("-d", database, "-i", ADDON, "--stop-after-init", "--no-http")
    run(database, "installed", *install)
    use(database)
    assert ["Lift 1", "material", "t"] in harness.query(database, RESOURCES)

    run(database, "removed", "module", "uninstall", "-d", database, ADDON)
    left = harness.query(database, RESOURCES)
    assert sorted(left) == sorted([*before, ["Toomas Mets", "user", "t"]])
    assert harness.query(database, TIME_OFF) == [*time_off, ["Broken", "Toomas Mets"]]
