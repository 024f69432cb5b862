"""Every addon installs on an Odoo that has only what its manifest asks for.

And it uninstalls without a trace: no table, column, view, index or record of it
is left.
"""

import gate
import harness
import manifests
import pytest

LOGS = harness.TEST_LOGS
SHIPPED = manifests.read(tests=False)

# What the host keeps or makes by itself while addons come and go.
HOST_LEAVES = ("ir_act_", "base_registry_signaling", "orm_signaling")

SCHEMA = """
    SELECT 'column', table_name, column_name FROM information_schema.columns
     WHERE table_schema = 'public'
    UNION ALL
    SELECT 'relation', relname, relkind::text FROM pg_class
     WHERE relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT 'constraint', conrelid::regclass::text, conname FROM pg_constraint
     WHERE connamespace = 'public'::regnamespace
    UNION ALL
    SELECT 'trigger', tgrelid::regclass::text, tgname FROM pg_trigger
     WHERE NOT tgisinternal
    UNION ALL
    SELECT 'function', proname, '' FROM pg_proc
     WHERE pronamespace = 'public'::regnamespace
       AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = pg_proc.oid
                          AND deptype = 'e')
"""


def schema(database):
    """All that the database is made of, as a set of (kind, name, part)."""
    rows = {tuple(row) for row in harness.query(database, SCHEMA)}
    return {row for row in rows if not row[1].startswith(HOST_LEAVES)}


def run(database, name, *arguments):
    log = LOGS / f"install_{name}.log"
    code = harness.run_odoo(*arguments, log=log)
    assert code == 0, log.read_text(errors="replace")[-4000:]
    problems = gate.log_problems(log)
    assert not problems, "\n".join(problems)


def states(database):
    rows = harness.query(database, "SELECT name, state FROM ir_module_module")
    return dict(rows)


@pytest.mark.parametrize("addon", sorted(SHIPPED))
def test_installs_alone_and_leaves_no_trace(addon, make_db):
    host = manifests.host_modules_of(addon, SHIPPED)
    template = harness.bin_db("host-template", ",".join(host)).strip()
    database = make_db(f"alone_{addon}", template)
    ours = {n for n in SHIPPED if n != addon}
    before_addon = needed_first(addon)
    if before_addon:
        run(
            database,
            f"{addon}_needs",
            *("-d", database, "-i", ",".join(before_addon)),
            # Glue comes by itself: what it brings is not there before the test.
            *("--stop-after-init", "--no-http", "--skip-auto-install"),
        )
    before = schema(database)

    install = ("-d", database, "-i", addon, "--stop-after-init", "--no-http")
    run(database, addon, *install)
    state = states(database)
    assert state[addon] == "installed"
    surprises = {n for n in ours if state.get(n) == "installed"} - set(before_addon)
    glue = {n for n in surprises if SHIPPED[n].get("auto_install")}
    assert surprises == glue, f"{addon} drags in {surprises - glue}"

    remove = sorted({addon, *glue})
    run(database, f"{addon}_removed", "module", "uninstall", "-d", database, *remove)
    assert states(database)[addon] == "uninstalled"
    left = sorted(schema(database) - before)
    assert not left, f"{addon} leaves behind: {left}"
    owned = f"SELECT model, name FROM ir_model_data WHERE module = '{addon}'"
    assert harness.query(database, owned) == []
    lost = sorted(before - schema(database))
    assert not lost, f"{addon} takes with it: {lost}"


def needed_first(addon):
    """Our addons that this one stands on, in the order of their installation."""
    needed, waiting = set(), [addon]
    while waiting:
        depends = SHIPPED[waiting.pop()].get("depends", [])
        for name in set(depends) & set(SHIPPED) - needed:
            needed.add(name)
            waiting.append(name)
    return [name for name in manifests.in_order(SHIPPED) if name in needed]
