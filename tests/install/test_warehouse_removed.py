"""The warehouse leaves a company that used it: the host's shelves stay, rights go."""

import subprocess

import gate
import harness
import manifests

LOGS = harness.TEST_LOGS
ADDON = "auto_service_warehouse"
APPS = ("stock.group_stock_user", "purchase.group_purchase_user")

# A guarded shelf, a part issued to a job, and a delivery that is waiting.
USE = """
env.company.auto_service_stock_guard = True
part = env["product.product"].create({"name": "Filter", "is_storable": True})
warehouse = env["stock.warehouse"].search([], limit=1)
env["stock.quant"]._update_available_quantity(part, warehouse.lot_stock_id, 5)
partner = env["res.partner"].create({"name": "Customer", "phone": "+372 5551 2345"})
brand = env["fleet.vehicle.model.brand"].create({"name": "Testford"})
model = env["fleet.vehicle.model"].create({"name": "Focus", "brand_id": brand.id})
vehicle = env["fleet.vehicle"].create(
    {"model_id": model.id, "license_plate": "123 ABC", "owner_id": partner.id,
     "is_customer_vehicle": True}
)
order = env["auto.service.order"].create({"vehicle_id": vehicle.id})
job = env["auto.service.job"].create({"order_id": order.id, "name": "Oil"})
env["sale.order.line"].create(
    {"order_id": order.sale_order_ids.id, "job_id": job.id, "product_id": part.id,
     "product_uom_qty": 2}
)
order.sale_order_ids.action_confirm()
picking = order.sale_order_ids.picking_ids
assert picking.state == "assigned", picking.state
picking.with_context(skip_sms=True).button_validate()
places = {"location_id": warehouse.lot_stock_id.id,
          "location_dest_id": env.ref("stock.stock_location_customers").id}
env["stock.picking"].create(
    {"picking_type_id": warehouse.out_type_id.id, **places,
     "move_ids": [(0, 0, {"product_id": part.id, "product_uom_qty": 2, **places})]}
).action_confirm()
env.cr.commit()
"""
# As it is without us: more leaves than is there, and nobody minds.
GO_ON = """
part = env["product.product"].search([("name", "=", "Filter")])
picking = env["stock.picking"].search([("state", "=", "assigned")])
assert len(picking) == 1
picking.move_ids.quantity = 4
picking.move_ids.picked = True
picking.with_context(skip_sms=True).button_validate()
assert picking.state == "done"
assert part.qty_available == -1, part.qty_available
env["ir.cron"].search([]).read(["name"])
env.cr.rollback()
"""
IMPLIED = """
    SELECT data.module || '.' || data.name
      FROM res_groups_implied_rel rel
      JOIN ir_model_data data ON data.model = 'res.groups' AND data.res_id = rel.hid
      JOIN ir_model_data parts ON parts.model = 'res.groups' AND parts.res_id = rel.gid
     WHERE parts.module = 'auto_service_base' AND parts.name = 'group_parts'
"""
LEFT = """
    SELECT 'parameter ' || key FROM ir_config_parameter
     WHERE key LIKE 'auto_service_warehouse%'
     UNION ALL
    SELECT 'model ' || model FROM ir_model WHERE model LIKE 'auto.service.stock%'
     UNION ALL
    SELECT 'action ' || name::text FROM ir_actions
     WHERE path IN ('warehouse-scan', 'stock-problems', 'low-stock', 'part-balance')
     UNION ALL
    SELECT 'sequence ' || code FROM ir_sequence
     WHERE code ~ '^auto.service.(stock|supplier.return|tool|core)'
     UNION ALL
    SELECT 'job ' || cron_name FROM ir_cron WHERE cron_name LIKE 'Auto Service: %tock%'
"""


def run(database, name, *arguments):
    log = LOGS / f"warehouse_{name}.log"
    code = harness.run_odoo(*arguments, log=log)
    assert code == 0, log.read_text(errors="replace")[-4000:]
    problems = gate.log_problems(log)
    assert not problems, "\n".join(problems)


def shell(database, code):
    command = harness.odoo_command("shell", "-d", database, "--no-http")
    done = subprocess.run(command, input=code, text=True, capture_output=True)
    assert done.returncode == 0 and "Traceback" not in done.stderr, done.stderr[-4000:]


def implied(database):
    return {name for (name,) in harness.query(database, IMPLIED)}


def test_rights_and_guard_go_and_the_stock_stays(make_db):
    host = manifests.host_modules_of(ADDON, manifests.read(tests=False))
    template = harness.bin_db("host-template", ",".join(host)).strip()
    database = make_db("warehouse_removed", template)
    install = ("-d", database, "-i", ADDON, "--stop-after-init", "--no-http")
    run(database, "installed", *install)
    assert set(APPS) <= implied(database)
    shell(database, USE)

    run(database, "removed", "module", "uninstall", "-d", database, ADDON)
    assert not set(APPS) & implied(database)
    assert harness.query(database, LEFT) == []
    rows = harness.query(
        database,
        "SELECT sum(quantity), sum(reserved_quantity) FROM stock_quant q"
        " JOIN stock_location l ON l.id = q.location_id AND l.usage = 'internal'",
    )
    assert rows == [["3.00", "2.00"]]
    shell(database, GO_ON)
