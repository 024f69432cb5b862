"""The balance of a part among 200,000 products, 1,000,000 quants, 5,000,000 moves.

Ours is all of the screen: bins, for whom, on order, sold and bought lately, twelve
months, rules. Parts are drawn as often as they move, so that the popular ones count.
Beside it, in the same database: the host's figures of one product, its forecast
report, and plain SQL that only sums quants and open moves. Then the box on top while
somebody types. ``ours`` is the 95th percentile; indexes of ours are weighed.
"""

import random

import _timing
import harness

PRODUCTS = 200_000
QUANTS = 1_000_000
MOVES = 5_000_000
BINS = 2_000
SALE_LINES = 1_000_000
PURCHASE_LINES = 300_000
ORDER_LINES = 20
RULES = 50_000
SAMPLE = 300
GOAL_MS = 50
SEARCH_GOAL_MS = 30
#: One move of so many is still open.
OPEN_EACH = 100
#: Popular parts move far more often: the place of a part is drawn like this.
SKEWED = "floor({products} * random() ^ 2)::int"
INDEXES = (
    "stock_move_auto_service_done_idx",
    "stock_move_auto_service_open_idx",
    "product_product_auto_service_code_idx",
)


def run(ctx):
    """Yield the figures."""
    with ctx.fresh_db("part_balance") as database:
        prepare(ctx, database)
        yield from measure(ctx, database)


def prepare(ctx, database):
    install(database)
    with ctx.env(database) as env:
        build(env)
        env.cr.commit()  # pylint: disable=invalid-commit
    harness.query(database, "VACUUM ANALYZE")


def install(database):
    log = harness.CACHE / "log" / "bench-warehouse.log"
    addons = "auto_service_warehouse,auto_service_parts"
    arguments = ("-d", database, "-i", addons, "--stop-after-init")
    if harness.run_odoo(*arguments, "--no-http", log=log):
        raise RuntimeError(f"the addons could not be installed; see {log}")


def measure(ctx, database):
    with ctx.env(database) as env:
        parts = draw_parts(env)
        check_same(env, parts[:50])
        yield from balances(env, parts)
        yield from searches(env, parts)
        yield from sizes(env)


# --- data


def build(env):
    """Everything as copies of rows that the host made itself."""
    env.cr.execute("SELECT setseed(0.5)")
    first = create_prototypes(env)
    env.flush_all()
    first["product"] = build_products(env, first)
    first["bin"] = copy_rows(
        env,
        "stock_location",
        first["bin"],
        BINS,
        {
            "name": "'R-' || i",
            "complete_name": "'WH/Stock/R-' || i",
            "barcode": "'BENCH-' || i",
            "parent_path": "replace(t.parent_path, t.id || '/', ({first} + i) || '/')",
        },
    )
    build_quants(env, first)
    build_sales(env, first)
    build_purchases(env, first)
    build_moves(env, first)
    copy_rows(
        env,
        "stock_warehouse_orderpoint",
        first["rule"],
        RULES,
        {"product_id": f"{first['product']} + i", "name": "'RULE' || i"},
    )


def create_prototypes(env):
    """A visit with a part that was bought, received, counted and issued; ids of all."""
    warehouse = env["stock.warehouse"].search([], limit=1)
    stock = warehouse.lot_stock_id
    vendor = env["res.partner"].create({"name": "Wholesale"})
    customer = env["res.partner"].create({"name": "Customer"})
    product = env["product.product"].create(
        {"name": "Pattern", "type": "consu", "is_storable": True, "list_price": 20}
    )
    bin_place = env["stock.location"].create(
        {"name": "R", "usage": "internal", "location_id": stock.id}
    )
    quant = env["stock.quant"].create(
        {
            "product_id": product.id,
            "location_id": bin_place.id,
            "inventory_quantity": 50,
        }
    )
    quant.action_apply_inventory()
    purchase = create_purchase(env, vendor, product)
    sale = create_visit(env, customer, product)
    rule = env["stock.warehouse.orderpoint"].create(
        {
            "product_id": product.id,
            "location_id": stock.id,
            "product_min_qty": 2,
            "product_max_qty": 6,
        }
    )
    return {
        "template": product.product_tmpl_id.id,
        "product": product.id,
        "bin": bin_place.id,
        "quant": quant.id,
        "purchase": purchase.id,
        "purchase_line": purchase.order_line.id,
        "in": purchase.order_line.move_ids.id,
        "sale": sale.id,
        "sale_line": sale.order_line.filtered("product_id").id,
        "out": sale.order_line.move_ids.id,
        "move_line": sale.order_line.move_ids.move_line_ids[:1].id,
        "rule": rule.id,
    }


def create_purchase(env, vendor, product):
    purchase = env["purchase.order"].create(
        {
            "partner_id": vendor.id,
            "order_line": [
                (0, 0, {"product_id": product.id, "product_qty": 5, "price_unit": 10})
            ],
        }
    )
    purchase.button_confirm()
    return purchase


def create_visit(env, customer, product):
    model = env["fleet.vehicle.model"].search([], limit=1)
    vehicle = env["fleet.vehicle"].create(
        {"model_id": model.id, "license_plate": "123 ABC"}
    )
    order = env["auto.service.order"].create(
        {"vehicle_id": vehicle.id, "partner_id": customer.id}
    )
    job = env["auto.service.job"].create({"order_id": order.id, "name": "Brakes"})
    sale = order.sale_order_ids or env["sale.order"].create(
        {"partner_id": customer.id, "work_order_id": order.id}
    )
    env["sale.order.line"].create(
        {"order_id": sale.id, "job_id": job.id, "product_id": product.id}
    )
    sale.action_confirm()
    return sale


def copy_rows(env, table, row_id, count, values):
    """Copies of a row; indexes and foreign keys come back when they are there.

    :param dict values: SQL by column, with ``i`` (from 0 on), ``t`` (the row) and
        ``{first}`` (id of the first copy)
    :return: id of the first copy
    """
    indexes = take_indexes(env, table) if count >= 100_000 else []
    env.cr.execute(f"SELECT max(id) + 1 FROM {table}")
    [first] = env.cr.fetchone()
    env.cr.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_name = %s AND table_schema = current_schema",
        (table,),
    )
    columns = [name for (name,) in env.cr.fetchall()]
    values = {"id": "{first} + i", **values}
    sources = [values.get(name, f't."{name}"') for name in columns]
    names = ", ".join(f'"{name}"' for name in columns)
    expressions = ", ".join(sources).replace("{first}", str(first))
    env.cr.execute(
        f"INSERT INTO {table} ({names}) SELECT {expressions} FROM"
        f" (SELECT * FROM {table} WHERE id = {row_id}) t,"
        f" generate_series(0, {count - 1}) AS i"
    )
    env.cr.execute(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))")
    for statement in indexes:
        env.cr.execute(statement)
    env.cr.execute(f"ANALYZE {table}")
    return first


def take_indexes(env, table):
    """Drop what slows a bulk load down.

    :return: list of the statements that bring it back
    """
    env.cr.execute(
        """
        SELECT format('ALTER TABLE %%1$s DROP CONSTRAINT %%2$I', conrelid::regclass,
                      conname),
               format('ALTER TABLE %%1$s ADD CONSTRAINT %%2$I %%3$s',
                      conrelid::regclass, conname, pg_get_constraintdef(oid))
          FROM pg_constraint WHERE conrelid = %(table)s::regclass AND contype = 'f'
         UNION ALL
        SELECT format('DROP INDEX %%I', indexname), indexdef
          FROM pg_indexes i WHERE tablename = %(table)s
           AND NOT EXISTS (SELECT FROM pg_constraint WHERE conname = i.indexname)
        """,
        {"table": table},
    )
    rows = env.cr.fetchall()
    for statement, _back in rows:
        env.cr.execute(statement)
    return [back for _drop, back in rows]


def build_products(env, first):
    template = copy_rows(
        env,
        "product_template",
        first["template"],
        PRODUCTS,
        {
            "name": "jsonb_build_object('en_US', (ARRAY['Oil filter', 'Brake pads',"
            " 'Spark plug', 'Cabin filter', 'Wiper'])[1 + i % 5] || ' ' || i)"
        },
    )
    return copy_rows(
        env,
        "product_product",
        first["product"],
        PRODUCTS,
        {
            "product_tmpl_id": f"{template} + i",
            "default_code": "'REF-' || i",
            "barcode": "'40' || lpad(i::text, 11, '0')",
        },
    )


def draw(first):
    """SQL of a product that is drawn by how popular it is."""
    return f"{first['product']} + {SKEWED.format(products=PRODUCTS)}"


def build_quants(env, first):
    """Five places for each part, all over the bins."""
    copy_rows(
        env,
        "stock_quant",
        first["quant"],
        QUANTS,
        {
            "product_id": f"{first['product']} + i % {PRODUCTS}",
            "location_id": f"{first['bin']} + (i * 7 + i / {PRODUCTS}) % {BINS}",
            "quantity": "10",
            "reserved_quantity": "0",
        },
    )


def build_sales(env, first):
    first["sale_copy"] = copy_rows(
        env,
        "sale_order",
        first["sale"],
        SALE_LINES // ORDER_LINES,
        {"name": "'BS' || i"},
    )
    first["sale_line_copy"] = copy_rows(
        env,
        "sale_order_line",
        first["sale_line"],
        SALE_LINES,
        {
            "order_id": f"{first['sale_copy']} + i / {ORDER_LINES}",
            "product_id": draw(first),
        },
    )


def build_purchases(env, first):
    first["purchase_copy"] = copy_rows(
        env,
        "purchase_order",
        first["purchase"],
        PURCHASE_LINES // ORDER_LINES,
        {
            "name": "'BP' || i",
            "date_approve": "now() - random() * interval '1000 days'",
        },
    )
    first["purchase_line_copy"] = copy_rows(
        env,
        "purchase_order_line",
        first["purchase_line"],
        PURCHASE_LINES,
        {
            "order_id": f"{first['purchase_copy']} + i / {ORDER_LINES}",
            "product_id": draw(first),
            "qty_received": f"CASE WHEN i % {OPEN_EACH} = 0 THEN 0 ELSE 5 END",
        },
    )


def build_moves(env, first):
    """Four deliveries to one receipt, over three years; some are open."""
    is_open = f"i % {OPEN_EACH} = 0"
    shared = {
        "product_id": draw(first),
        "date": f"CASE WHEN {is_open} THEN now() + interval '3 days' ELSE"
        " now() - random() * interval '1000 days' END",
        "quantity": f"CASE WHEN {is_open} THEN 0 ELSE 1 END",
        "product_qty": "1",
        "product_uom_qty": "1",
    }
    first["out_copy"] = copy_rows(
        env,
        "stock_move",
        first["out"],
        MOVES * 4 // 5,
        {
            **shared,
            "state": f"CASE WHEN {is_open} THEN 'confirmed' ELSE 'done' END",
            "sale_line_id": f"{first['sale_line_copy']} + i % {SALE_LINES}",
            "is_inventory": "i % 97 = 0",
        },
    )
    copy_rows(
        env,
        "stock_move",
        first["in"],
        MOVES // 5,
        {
            **shared,
            "state": f"CASE WHEN {is_open} THEN 'assigned' ELSE 'done' END",
            "purchase_line_id": f"{first['purchase_line_copy']} + i % {PURCHASE_LINES}",
        },
    )
    reserve(env, first)


def reserve(env, first):
    """Half of the open deliveries have their piece, with its line."""
    env.cr.execute(
        """
        UPDATE stock_move SET state = 'assigned', quantity = 1
         WHERE id >= %(first)s AND state = 'confirmed' AND id %% 2 = 0
        """,
        {"first": first["out_copy"]},
    )
    env.cr.execute(
        "SELECT id, product_id FROM stock_move"
        " WHERE id >= %s AND state = 'assigned' AND sale_line_id IS NOT NULL",
        (first["out_copy"],),
    )
    rows = env.cr.fetchall()
    env.cr.execute("CREATE TEMP TABLE bench_reserved (i int, move int, product int)")
    for start in range(0, len(rows), 10_000):
        chunk = rows[start : start + 10_000]
        env.cr.execute(
            "INSERT INTO bench_reserved SELECT * FROM"
            " unnest(%s::int[], %s::int[], %s::int[])",
            (
                list(range(start, start + len(chunk))),
                [row[0] for row in chunk],
                [row[1] for row in chunk],
            ),
        )
    env.cr.execute("ALTER TABLE bench_reserved ADD PRIMARY KEY (i)")
    copy_rows(
        env,
        "stock_move_line",
        first["move_line"],
        len(rows),
        {
            "move_id": "(SELECT move FROM bench_reserved r WHERE r.i = i.i)",
            "product_id": "(SELECT product FROM bench_reserved r WHERE r.i = i.i)",
            "location_id": f"{first['bin']} + i % {BINS}",
            "quantity": "1",
            "quantity_product_uom": "1",
            "state": "'assigned'",
        },
    )


# --- figures


def draw_parts(env):
    """Parts as often as they move."""
    env.cr.execute(
        f"""
        SELECT p.id FROM generate_series(1, %s) AS i
         CROSS JOIN LATERAL (SELECT i, {SKEWED.format(products=PRODUCTS)} AS place) d
          JOIN product_product p ON p.default_code = 'REF-' || d.place
        """,
        (SAMPLE,),
    )
    parts = [product_id for (product_id,) in env.cr.fetchall()]
    random.Random(1).shuffle(parts)
    return parts


def balances(env, parts):
    balance = env["auto.service.part.balance"]
    raw = _timing.percentiles(env, parts, lambda part: select_least(env, part))
    ours = _timing.percentiles(env, parts, balance.get_balance)
    host = _timing.percentiles(env, parts[:60], lambda part: read_host(env, part))
    report = _timing.percentiles(env, parts[:20], lambda part: read_forecast(env, part))
    queries = _timing.count_queries(env, parts[0], balance.get_balance)
    yield line("balance", ours[1], host[1], raw[1], queries, GOAL_MS)
    yield line("balance_median", ours[0], host[0], raw[0], queries)
    yield line("balance_beside_forecast", ours[1], report[1], raw[1], queries)
    popular = draw_popular(env)
    hot = _timing.percentiles(env, popular, balance.get_balance)
    hot_host = _timing.percentiles(env, popular, lambda part: read_host(env, part))
    yield line("most_popular_parts", hot[1], hot_host[1], None, queries, GOAL_MS)


def draw_popular(env):
    env.cr.execute(
        "SELECT product_id FROM stock_move WHERE state = 'done'"
        " GROUP BY product_id ORDER BY count(*) DESC LIMIT 20"
    )
    return [product_id for (product_id,) in env.cr.fetchall()]


def read_host(env, part):
    """The five figures on the host's form of a product."""
    product = env["product.product"].browse(part)
    return [
        product[name]
        for name in (
            *("qty_available", "free_qty", "virtual_available"),
            *("incoming_qty", "outgoing_qty"),
        )
    ]


def read_forecast(env, part):
    """The host's report that tells for whom, and what is coming."""
    report = env["stock.forecasted_product_product"]
    return report.get_report_values(docids=[part])


def select_least(env, part):
    """What cannot be gone below: two sums."""
    env.cr.execute(
        """
        SELECT l.id, sum(q.quantity), sum(q.reserved_quantity)
          FROM stock_quant q JOIN stock_location l ON l.id = q.location_id
         WHERE q.product_id = %s AND l.usage = 'internal' GROUP BY l.id
        """,
        (part,),
    )
    env.cr.fetchall()
    env.cr.execute(
        "SELECT id, product_qty FROM stock_move WHERE product_id = %s AND state IN"
        " ('waiting', 'confirmed', 'partially_available', 'assigned')",
        (part,),
    )
    return env.cr.fetchall()


def check_same(env, parts):
    """Who is fast must be right: the figures are the host's."""
    balance = env["auto.service.part.balance"]
    for part in parts:
        totals = balance.get_balance(part)["totals"]
        product = env["product.product"].browse(part)
        host = product.qty_available, product.incoming_qty, product.outgoing_qty
        ours = totals["on_hand"], totals["coming"], totals["leaving"]
        if ours != host:
            raise RuntimeError(f"{product.default_code}: ours {ours}, host {host}")


def searches(env, parts):
    """What the box asks while somebody types."""
    products = env["product.product"].browse(parts[:100])
    typed = [
        code[:length] for code in products.mapped("default_code") for length in (5, 7)
    ]
    words = ["oil", "oil filter", "filter 1234", "brake 55", "wiper 99", "plug 101"]
    balance = env["auto.service.part.balance"]
    for name, texts in (("number", typed), ("words", words * 5)):
        ours = _timing.percentiles(env, texts, balance.search_parts)
        host = _timing.percentiles(
            env,
            texts[:20],
            lambda text: env["product.product"].name_search(text, limit=12),
        )
        queries = _timing.count_queries(env, texts[0], balance.search_parts)
        goal = SEARCH_GOAL_MS
        yield line(f"search_{name}", ours[1], host[1], None, queries, goal)


def sizes(env):
    """What our indexes weigh, beside the table that most of them are on."""
    env.cr.execute(
        "SELECT sum(pg_relation_size(oid)) FROM pg_class WHERE relname IN %s",
        (INDEXES,),
    )
    [ours] = env.cr.fetchone()
    env.cr.execute("SELECT pg_total_relation_size('stock_move')")
    [host] = env.cr.fetchone()
    yield {
        "name": "part_balance.indexes",
        "ours": round(int(ours) / 2**20),
        "host": round(int(host) / 2**20),
        "unit": "MB",
    }


def line(name, ours, host, limit, queries, goal=None):
    return {
        "name": f"part_balance.{name}",
        "ours": round(ours, 3),
        "host": host and round(host, 3),
        "limit": limit and round(limit, 3),
        "unit": "ms",
        "queries": queries,
        "goal": goal and f"p95 at most {goal} ms",
        "holds": ours <= goal if goal else None,
    }
