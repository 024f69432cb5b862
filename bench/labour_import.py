"""Import of 1,000,000 labour times from a CSV file, beside the host's own import.

End to end: guessing the format, check of every row, load in one transaction, with new
operations, makes, models and vehicle types. The host loads a sample of the same rows
with ``load``, after the operations and types were made for it: it has less to do. The
limit is PostgreSQL alone, copying the finished rows into a bare table with the same
indexes.
"""

import base64
import time

ROWS = 1_000_000
TYPES = 2_000
SAMPLE = 2_000
MAKES = ("Aaro", "Benn", "Cato", "Dako", "Ekko", "Fenn", "Gato", "Hako", "Ikko", "Jaro")
HEADER = "Code;Operation;Hours;Make;Model;Engine code;ccm;kW;Fuel;Year from\n"


def run(ctx):
    """Yield the figures."""
    with ctx.fresh_db("labour_import") as database, ctx.env(database) as env:
        install(env)
        content = make_file(ROWS).encode()
        seconds, record = import_file(env, content)
        ours = round(record.row_count / seconds)
        host = measure_host(env, record)
        yield {
            "name": "labour_import.rows",
            "ours": ours,
            "host": host,
            "limit": measure_limit(env, record),
            "unit": "rows/s",
            "ratio_host": round(ours / host, 1),
            "goal": "at least 30,000 rows/s and 100 times the host",
            "holds": ours >= 30_000 and ours >= 100 * host,
        }


def install(env):
    """The suite into the fresh clone, when the template does not hold it."""
    if "auto.service.labour.import" not in env:
        module = env["ir.module.module"].search([("name", "=", "auto_service_base")])
        module.button_immediate_install()
        env.transaction.reset()


def make_file(rows):
    """A file as a supplier sends it: every operation on every type, decimal commas."""
    per_type = rows // TYPES
    lines = [HEADER]
    for car in range(TYPES):
        vehicle = (
            f"{MAKES[car % 10]};Model {car // 10 % 20};E{car:05d};"
            f"{1200 + car % 20 * 100};{50 + car % 100};"
            f"{'Diesel' if car % 2 else 'Petrol'};{2000 + car % 20}\n"
        )
        lines += [
            f"OP{op:04d};Operation {op};{op % 60 // 10},{op % 10 + 1};{vehicle}"
            for op in range(per_type)
        ]
    return "".join(lines)


def import_file(env, content):
    """Seconds from the file to the loaded times, and the import."""
    start = time.perf_counter()
    record = env["auto.service.labour.import"].create(
        {
            "filename": "times.csv",
            "file": base64.b64encode(content),
            "source_id": env["auto.service.labour.source"].create({"name": "Acme"}).id,
        }
    )
    progress = record.start_check()
    while progress["state"] == "checking":
        progress = record.step_check()
    record._load()
    env.flush_all()
    return time.perf_counter() - start, record


def measure_limit(env, record):
    """Rows a second that PostgreSQL writes into a bare table with the same indexes."""
    env.cr.execute(
        "CREATE TEMPORARY TABLE bare (LIKE auto_service_labour_time INCLUDING INDEXES)"
    )
    start = time.perf_counter()
    env.cr.execute(
        "INSERT INTO bare SELECT * FROM auto_service_labour_time"
        " WHERE import_number = %s",
        [record.id],
    )
    return round(env.cr.rowcount / (time.perf_counter() - start))


def measure_host(env, record):
    """Rows a second of the host's import of the same times, for another source."""
    env["auto.service.labour.source"].create({"name": "Host"})
    times = env["auto.service.labour.time"].search(
        [("import_number", "=", record.id)], limit=SAMPLE
    )
    names = ["operation_id", "vehicle_type_id/.id", "source_id", "kind", "hours"]
    rows = [
        [
            time_.operation_id.name,
            str(time_.vehicle_type_id.id),
            *("Host", "Standard", str(time_.hours)),
        ]
        for time_ in times
    ]
    env.invalidate_all()
    start = time.perf_counter()
    result = env["auto.service.labour.time"].load(names, rows)
    env.flush_all()
    if not result["ids"]:
        raise RuntimeError(result["messages"])
    return round(len(rows) / (time.perf_counter() - start), 1)
