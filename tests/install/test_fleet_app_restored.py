"""The garage comes to a company that runs Fleet, and leaves: Fleet is as before."""

import gate
import harness
import manifests

LOGS = harness.TEST_LOGS
ADDON = "auto_service_base"

#: What the fleet app is made of, each row as text.
FLEET = {
    "actions": """
        SELECT d.module || '.' || d.name, a.domain, a.context, a.view_mode
          FROM ir_act_window a
          JOIN ir_model_data d ON d.res_id = a.id AND d.model = 'ir.actions.act_window'
         WHERE a.res_model LIKE 'fleet.%' AND d.module LIKE '%fleet%'""",
    "views": """
        SELECT d.module || '.' || d.name, v.arch_db, v.priority, v.active
          FROM ir_ui_view v
          JOIN ir_model_data d ON d.res_id = v.id AND d.model = 'ir.ui.view'
         WHERE v.model LIKE 'fleet.%'""",
    "rules": """
        SELECT r.name, m.model, r.domain_force, r.active
          FROM ir_rule r JOIN ir_model m ON m.id = r.model_id
         WHERE m.model LIKE 'fleet.%'""",
    "rights": """
        SELECT a.name, m.model, a.perm_read, a.perm_write, a.perm_create, a.perm_unlink
          FROM ir_model_access a JOIN ir_model m ON m.id = a.model_id
         WHERE m.model LIKE 'fleet.%'""",
    "reports": """
        SELECT viewname, md5(definition) FROM pg_views
         WHERE viewname IN (
             'fleet_vehicle_cost_report', 'fleet_vehicle_odometer_report')""",
    "report rows": """
        SELECT 'cost', count(*) FROM fleet_vehicle_cost_report
        UNION ALL SELECT 'odometer', count(*) FROM fleet_vehicle_odometer_report r
          JOIN fleet_vehicle v ON v.id = r.vehicle_id AND v.active""",
    "active vehicles": "SELECT id, name FROM fleet_vehicle WHERE active",
    "labels": """
        SELECT f.model, f.name, f.field_description->>'en_US'
          FROM ir_model_fields f WHERE f.model LIKE 'fleet.%'""",
}

VEHICLE = """
    INSERT INTO fleet_vehicle (name, license_plate, model_id, company_id, active,
        odometer_unit, power_unit, co2_emission_unit, range_unit{columns})
    SELECT 'Test', '{plate}' || i, {model}, 1, TRUE,
        'kilometers', 'power', 'g/km', 'km'{values}
      FROM generate_series(1, {count}) i"""
COMPANY_MODEL = """
    WITH brand AS (
        INSERT INTO fleet_vehicle_model_brand (name, active) VALUES ('Make', TRUE)
        RETURNING id
    )
    INSERT INTO fleet_vehicle_model
        (name, brand_id, active, vehicle_type, power_unit, range_unit)
    SELECT 'Model', id, TRUE, 'car', 'power', 'km' FROM brand"""
UNKNOWN = """(SELECT res_id FROM ir_model_data
    WHERE module = 'auto_service_base' AND name = 'fleet_vehicle_model_unknown')"""


def snapshot(database):
    """What the fleet app is made of and shows."""
    return {
        name: sorted(map(tuple, harness.query(database, sql)))
        for name, sql in FLEET.items()
    }


def run(database, name, *arguments):
    log = LOGS / f"fleet_{name}.log"
    code = harness.run_odoo(*arguments, log=log)
    assert code == 0, log.read_text(errors="replace")[-4000:]
    problems = gate.log_problems(log)
    assert not problems, "\n".join(problems)


def test_fleet_is_as_before_when_the_garage_leaves(make_db):
    host = manifests.host_modules_of(ADDON, manifests.read(tests=False))
    template = harness.bin_db("host-template", ",".join(host)).strip()
    database = make_db("fleet_restored", template)
    add_company_vehicles(database)
    before = snapshot(database)

    install = ("-d", database, "-i", ADDON, "--stop-after-init", "--no-http")
    run(database, "installed", *install)
    add_customer_vehicles(database)
    between = snapshot(database)
    for name in ("views", "report rows"):
        # Our own views are more; those of the fleet app are unchanged.
        missing = set(before[name]) - set(between[name])
        assert not missing, f"{name} of the fleet app changed: {sorted(missing)[:3]}"

    run(database, "removed", "module", "uninstall", "-d", database, ADDON)
    after = snapshot(database)
    for name, rows in before.items():
        assert after[name] == rows, name
    kept = "SELECT count(*) FROM fleet_vehicle WHERE license_plate LIKE 'CUST%'"
    assert harness.query(database, kept) == [["50"]]


def add_company_vehicles(database):
    """Ten company cars with two readings each."""
    harness.query(database, COMPANY_MODEL)
    sql = VEHICLE.format(
        plate="FLEET ",
        model="(SELECT min(id) FROM fleet_vehicle_model)",
        count=10,
        columns=", acquisition_date",
        values=", DATE '2023-05-01'",
    )
    harness.query(database, sql)
    add_readings(database, "FLEET%")


def add_customer_vehicles(database):
    """Fifty customers' cars, with a registration date that somebody imported."""
    sql = VEHICLE.format(
        plate="CUST ",
        model=UNKNOWN,
        count=50,
        columns=", acquisition_date, is_customer_vehicle",
        values=", DATE '1998-05-01', TRUE",
    )
    harness.query(database, sql)
    add_readings(database, "CUST%")


def add_readings(database, plates):
    harness.query(
        database,
        "INSERT INTO fleet_vehicle_odometer (vehicle_id, date, value) "
        "SELECT v.id, d.day, d.value FROM fleet_vehicle v, (VALUES "
        "(DATE '2024-01-01', 1000), (DATE '2025-01-01', 9000)) d(day, value) "
        f"WHERE v.license_plate LIKE '{plates}'",
    )
