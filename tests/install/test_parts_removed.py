"""Parts leave a company that used them: products and sales stay, price lists go."""

import os
import subprocess
from pathlib import Path

import gate
import harness
import manifests

LOGS = harness.TEST_LOGS
ADDON = "auto_service_parts"

# A list in force, one before it that could be taken back, a load that died half-way,
# an enquiry whose offer became a line of a sold estimate, and a password.
USE = """
import io

partner = env["res.partner"].create({"name": "Wholesale", "phone": "+372 5551 2345"})
prices = env["auto.service.price.list"].create(
    {"name": "Wholesale", "partner_id": partner.id}
)
line = "MAHLE;OC {0};Filter {0};{1},50;{2}\\n"
for price, count in ((10, 60), (11, 60), (12, 60)):
    rows = "".join(line.format(n, price, n) for n in range(count))
    text = "Brand;Number;Name;Price;Quantity\\n" + rows
    load = env["auto.service.price.list.load"].browse(prices.start_upload("list.csv"))
    load._append_piece(0, io.BytesIO(text.encode()).read)
    load.finish_upload()
    load.start()
    while load.state in ("opening", "reading", "checking", "ready"):
        if price == 12 and load.state == "reading":
            load.step(seconds=0)
            break
        load.step(seconds=5)
    assert price == 12 or load.state == "done", (load.state, load.message)
    env.cr.commit()
account = env["auto.service.supplier.account"].create(
    {"name": "Wholesale", "partner_id": partner.id,
     "handler": "auto.service.supplier.handler.abcp",
     "url": "https://example.com", "login": "me", "password": "secret"}
)
brand = env["fleet.vehicle.model.brand"].create({"name": "Testford"})
model = env["fleet.vehicle.model"].create({"name": "Focus", "brand_id": brand.id})
vehicle = env["fleet.vehicle"].create(
    {"model_id": model.id, "license_plate": "123 ABC", "owner_id": partner.id,
     "is_customer_vehicle": True}
)
order = env["auto.service.order"].create({"vehicle_id": vehicle.id})
enquiries = env["auto.service.parts.enquiry"]
answer = enquiries.start_enquiry({"number": "OC 5", "brand_name": "MAHLE"})
offers = env["auto.service.parts.offer"].search([("number_key", "=", "OC5")])
assert offers, answer
offers[0].add_to_job(order_id=order.id)
order.sale_order_ids.action_confirm()
env.cr.commit()
"""
TABLES = """
    SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
       AND relname ~ '^auto_service_(part|price|supplier)' ORDER BY 1"""
ROWS = "SELECT count(*) > 100 FROM auto_service_price_row"
SOLD = """
    SELECT template.default_code, line.state FROM sale_order_line line
      JOIN product_product product ON product.id = line.product_id
      JOIN product_template template ON template.id = product.product_tmpl_id
     WHERE template.default_code LIKE 'OC%'"""


def run(database, name, *arguments):
    log = LOGS / f"parts_{name}.log"
    code = harness.run_odoo(*arguments, log=log)
    assert code == 0, log.read_text(errors="replace")[-4000:]
    problems = gate.log_problems(log)
    assert not problems, "\n".join(problems)


def use(database):
    command = harness.odoo_command("shell", "-d", database, "--no-http")
    done = subprocess.run(command, input=USE, text=True, capture_output=True)
    assert done.returncode == 0, done.stderr[-4000:]


def test_price_lists_go_and_sales_stay(make_db):
    host = manifests.host_modules_of(ADDON, manifests.read(tests=False))
    template = harness.bin_db("host-template", ",".join(host)).strip()
    database = make_db("parts_removed", template)
    data = Path(os.environ.get("AUTO_SERVICE_CACHE", harness.CACHE)) / "data"
    files = data / "filestore" / database / "auto_service_price"

    install = ("-d", database, "-i", ADDON, "--stop-after-init", "--no-http")
    run(database, "installed", *install)
    use(database)
    assert harness.query(database, ROWS) == [["t"]]
    assert harness.query(database, SOLD) == [["OC 5", "sale"]]
    assert files.is_dir()

    run(database, "removed", "module", "uninstall", "-d", database, ADDON)
    # Groups of parts are base's: what a package asks for.
    left = [row[0] for row in harness.query(database, TABLES)]
    assert [
        name for name in left if not name.startswith("auto_service_part_group")
    ] == []
    assert harness.query(database, SOLD) == [["OC 5", "sale"]]
    assert not files.exists()
