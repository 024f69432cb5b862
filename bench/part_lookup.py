"""From a number to every offer: 5,000,000 offers, 10,000,000 cross references.

Ours takes a number and a brand and gives the offers of own products and of eight price
lists, with one level of cross references, newer and other numbers, kits, and the note
how each was found. Beside it, in the same database: plain SQL that only joins cross
references and offers, and the host's searches on 200,000 products. ``ours`` is the
95th percentile over numbers that are drawn as often as they are offered.
"""

import random

import _timing
import harness

OFFERS = 5_000_000
CROSSES = 10_000_000
PRODUCTS = 200_000
LISTS = 8
PARTS = 2_000_000
BRANDS = 400
SAMPLE = 400
GOAL_MS = 10


def run(ctx):
    """Yield the figures."""
    with ctx.fresh_db("part_lookup") as database:
        install(database)
        with ctx.env(database) as env:
            build(env)
            env.cr.commit()  # pylint: disable=invalid-commit
        harness.query(database, "VACUUM ANALYZE")
        with ctx.env(database) as env:
            yield from lookups(env)
            yield from searches(env)


def install(database):
    log = harness.CACHE / "log" / "bench-parts.log"
    arguments = ("-d", database, "-i", "auto_service_parts", "--stop-after-init")
    if harness.run_odoo(*arguments, "--no-http", log=log):
        raise RuntimeError(f"the addon could not be installed; see {log}")


# --- data


def build(env):
    """Parts of 400 brands; some are offered and referred to far more than others."""
    env.cr.execute("SELECT setseed(0.5)")
    env["auto.service.part.brand"].create(
        [{"name": f"Bench maker {number}"} for number in range(BRANDS)]
    )
    source = env["auto.service.part.cross.source"].create({"name": "Catalogue"})
    env.flush_all()
    env.cr.execute(
        """
        CREATE TABLE bench_part AS
        SELECT n AS id, b.id AS brand_id, b.name_key AS brand_key,
               upper(substr(md5(n::text), 1, 9)) AS number_key
          FROM generate_series(0, %(parts)s - 1) AS n
          JOIN (SELECT id, name_key, row_number() OVER (ORDER BY id) - 1 AS place
                  FROM auto_service_part_brand WHERE name LIKE 'Bench maker %%') AS b
            ON b.place = n %% %(brands)s
        """,
        {"parts": PARTS, "brands": BRANDS},
    )
    env.cr.execute("ALTER TABLE bench_part ADD PRIMARY KEY (id)")
    build_crosses(env, source)
    build_lists(env)
    build_products(env)


def build_crosses(env, source):
    """Most parts have few cross references, some have hundreds."""
    indexes = take_indexes(env, "auto_service_part_cross")
    env.cr.execute(
        """
        INSERT INTO auto_service_part_cross
               (brand_id, number_key, to_brand_id, to_number_key, kind, is_both_ways,
                source_id, is_doubtful)
        SELECT a.brand_id, a.number_key, b.brand_id, b.number_key, 'analogue', TRUE,
               %(source)s, FALSE
          FROM (SELECT DISTINCT floor(%(parts)s * random() ^ 1.5)::int AS one,
                       floor(%(parts)s * random())::int AS other
                  FROM generate_series(1, %(crosses)s)) AS pair
          JOIN bench_part a ON a.id = pair.one
          JOIN bench_part b ON b.id = pair.other
         WHERE pair.one <> pair.other
        """,
        {"parts": PARTS, "crosses": CROSSES, "source": source.id},
    )
    for statement in indexes:
        env.cr.execute(statement)


def take_indexes(env, table):
    """Drop indexes and foreign keys of a table; they come back when the rows are there.

    :return: list of the statements that build them
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
          FROM pg_indexes WHERE tablename = %(table)s AND indexname NOT LIKE '%%_pkey'
        """,
        {"table": table},
    )
    rows = env.cr.fetchall()
    for statement, _back in rows:
        env.cr.execute(statement)
    return [statement for _drop, statement in rows]


def build_lists(env):
    """Eight price lists in force, and the older rows of each beside them."""
    partners = env["res.partner"].create(
        [{"name": f"Wholesale {number}"} for number in range(LISTS)]
    )
    lists = env["auto.service.price.list"].create(
        [{"name": partner.name, "partner_id": partner.id} for partner in partners]
    )
    rows = env["auto.service.price.row"]
    for price_list in lists:
        for field in ("previous_generation", "generation"):
            price_list[field] = rows._take_generation()
        env.flush_all()
        fill_partition(env, price_list.previous_generation, 1000)
        fill_partition(env, price_list.generation, OFFERS // LISTS)


def fill_partition(env, generation, count):
    env.cr.execute(
        f"CREATE TABLE auto_service_price_row_{int(generation)} PARTITION OF"
        f" auto_service_price_row FOR VALUES IN ({int(generation)})"
    )
    env.cr.execute(
        """
        INSERT INTO auto_service_price_row
               (generation, brand_key, number_key, brand, number, name, price,
                quantity, hours_min, hours_max)
        SELECT %(generation)s, p.brand_key, p.number_key, p.brand_key, p.number_key,
               'Part of the bench', 10 + random() * 100, 5, 24, 48
          FROM (SELECT floor(%(parts)s * random() ^ 2)::int AS id
                  FROM generate_series(1, %(count)s)) AS pick
          JOIN bench_part p USING (id)
        """,
        {"generation": generation, "parts": PARTS, "count": count},
    )


def build_products(env):
    """200,000 products with brand, number and reference, copies of one."""
    product = env["product.product"].create({"name": "Pattern", "type": "consu"})
    env.flush_all()
    template = product.product_tmpl_id
    clone_rows(
        env,
        "product_template",
        template.id,
        {"name": "jsonb_build_object('en_US', 'Brake part ' || p.number_key)"},
    )
    env.cr.execute(
        "CREATE TEMP TABLE bench_template AS SELECT t.id, p.id AS part"
        " FROM product_template t JOIN bench_part p"
        " ON t.name->>'en_US' = 'Brake part ' || p.number_key"
    )
    env.cr.execute("ALTER TABLE bench_template ADD PRIMARY KEY (part)")
    clone_rows(
        env,
        "product_product",
        product.id,
        {
            "product_tmpl_id": "(SELECT id FROM bench_template WHERE part = p.id)",
            "default_code": "'REF-' || p.id",
            "part_brand_id": "p.brand_id",
            "part_number": "p.number_key",
        },
    )
    env.cr.execute(
        """
        INSERT INTO auto_service_part_number
               (product_id, brand_id, number, number_key, kind, is_kept)
        SELECT id, part_brand_id, part_number, part_number, 'main', TRUE
          FROM product_product WHERE default_code LIKE 'REF-%%'
         UNION ALL
        SELECT id, NULL, default_code, replace(default_code, '-', ''), 'reference', TRUE
          FROM product_product WHERE default_code LIKE 'REF-%%'
        """
    )


def clone_rows(env, table, row_id, values):
    """Copies of a row, one for each of the parts that are products."""
    env.cr.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_name = %s AND column_name <> 'id'",
        (table,),
    )
    columns = [name for (name,) in env.cr.fetchall()]
    sources = [values.get(name, f'o."{name}"') for name in columns]
    names = ", ".join(f'"{name}"' for name in columns)
    env.cr.execute(
        f"INSERT INTO {table} ({names}) SELECT {', '.join(sources)}"
        f" FROM {table} o, bench_part p WHERE o.id = %s AND p.id %% %s = 0",
        (row_id, PARTS // PRODUCTS),
    )


# --- from a number to its offers


def lookups(env):
    company = env.company
    parts = draw_parts(env)
    finder = env["auto.service.part.finder"]
    finder._get_matches(*parts[0])  # Names of brands are known from here on.

    def find(part, **values):
        return finder._find_offers(finder._get_matches(*part, **values), company)

    check_same(env, parts, find)
    raw = _timing.percentiles(env, parts, lambda part: select_offers(env, part))
    ours, queries = (
        _timing.percentiles(env, parts, find),
        _timing.count_queries(env, parts[0], find),
    )
    yield line("part_lookup.offers_with_crosses", ours[1], raw[1], queries, GOAL_MS)
    yield line("part_lookup.offers_with_crosses_median", ours[0], raw[0], queries)
    alone = _timing.percentiles(env, parts, lambda part: find(part, with_crosses=False))
    yield line("part_lookup.offers_without_crosses", alone[1], None, None, GOAL_MS)
    popular = draw_popular(env)
    hub = _timing.percentiles(env, popular, find)
    hub_raw = _timing.percentiles(env, popular, lambda part: select_offers(env, part))
    yield line("part_lookup.most_popular_numbers", hub[1], hub_raw[1], None)
    names = _timing.percentiles(
        env, parts, lambda part: finder._find_brands(part[2], company)
    )
    yield line("part_lookup.brands_of_a_number", names[1], None, None, GOAL_MS)


def line(name, ours, limit, queries, goal=None):
    return {
        "name": name,
        "ours": round(ours, 3),
        "limit": limit and round(limit, 3),
        "unit": "ms",
        "queries": queries,
        "goal": goal and f"p95 at most {goal} ms",
        "holds": ours <= goal if goal else None,
    }


def draw_parts(env):
    """Numbers as often as they are offered."""
    env.cr.execute(
        """
        SELECT p.brand_id, p.brand_key, p.number_key
          FROM (SELECT floor(%s * random() ^ 2)::int AS id
                  FROM generate_series(1, %s)) AS pick
          JOIN bench_part p USING (id)
        """,
        (PARTS, SAMPLE),
    )
    parts = env.cr.fetchall()
    random.Random(1).shuffle(parts)
    return parts


def draw_popular(env):
    """The numbers that most cross references name."""
    env.cr.execute(
        """
        SELECT brand_id, (SELECT name_key FROM auto_service_part_brand b
                           WHERE b.id = brand_id), number_key
          FROM auto_service_part_cross
         GROUP BY brand_id, number_key ORDER BY count(*) DESC LIMIT 50
        """
    )
    return env.cr.fetchall()


def select_offers(env, part):
    """The best that is possible: one statement that knows the lists, and no notes."""
    env.cr.execute(
        """
        WITH part AS (
            SELECT %(brand_key)s AS brand_key, %(number_key)s AS number_key
            UNION
            SELECT b.name_key, c.to_number_key FROM auto_service_part_cross c
              JOIN auto_service_part_brand b ON b.id = c.to_brand_id
             WHERE c.brand_id = %(brand)s AND c.number_key = %(number_key)s
            UNION
            SELECT b.name_key, c.number_key FROM auto_service_part_cross c
              JOIN auto_service_part_brand b ON b.id = c.brand_id
             WHERE c.to_brand_id = %(brand)s AND c.to_number_key = %(number_key)s
        )
        SELECT r.* FROM part
          JOIN auto_service_price_row r USING (number_key, brand_key)
         WHERE r.generation IN (SELECT generation FROM auto_service_price_list)
        """,
        {"brand": part[0], "brand_key": part[1], "number_key": part[2]},
    )
    return env.cr.fetchall()


def check_same(env, parts, find):
    """Who is fast must be right: both find the same number of offers."""
    for part in parts[:100]:
        ours = sum(kind == "list" for _match, kind, *_rest in find(part))
        if ours != len(select_offers(env, part)):
            raise RuntimeError(f"the offers of {part} differ from those of plain SQL")


# --- beside the host's searches of products


def searches(env):
    from odoo.addons.product.models.product_product import ProductProduct

    products = env["product.product"]
    env.cr.execute(
        "SELECT part_number, default_code FROM product_product"
        " WHERE default_code LIKE 'REF-%%' ORDER BY md5(id::text) LIMIT 60"
    )
    rows = env.cr.fetchall()
    numbers = [f"{number[:3]} {number[3:6]}-{number[6:]}" for number, _code in rows]
    codes = [code for _number, code in rows]
    host = _timing.percentiles(
        env, codes[:30], lambda text: ProductProduct.name_search(products, text)
    )
    ours = _timing.percentiles(env, codes, products.name_search)
    yield search_line("name_search_by_reference", ours, host)
    # As printed the host finds nothing; it looks through all names nevertheless.
    host = _timing.percentiles(
        env, numbers[:10], lambda text: ProductProduct.name_search(products, text)
    )
    ours = _timing.percentiles(env, numbers, products.name_search)
    yield search_line("name_search_by_number_as_printed", ours, host)
    if any(not products.name_search(text) for text in numbers):
        raise RuntimeError("a product is not found by its number")
    yield from search_boxes(env, numbers)
    # What a search that finds no number costs more than the host alone.
    env.invalidate_all()
    none = _timing.percentiles(
        env, [f"none {n}" for n in range(99)], products._find_by_number
    )
    yield line("part_lookup.search_without_a_hit", none[1], None, 1)


def search_boxes(env, numbers):
    """The search box of the list of products, 80 records and their number."""
    templates = env["product.template"]

    def show(domain):
        return templates.web_search_read(domain, {"display_name": {}}, limit=80)

    host = _timing.percentiles(env, numbers[:10], lambda text: show(host_domain(text)))
    ours = _timing.percentiles(
        env, numbers, lambda text: show([("part_search", "ilike", text)])
    )
    yield search_line("product_list_search_box", ours, host)
    words = ["brake part", "no such word"]
    host = _timing.percentiles(env, words * 4, lambda text: show(host_domain(text)))
    ours = _timing.percentiles(
        env, words * 4, lambda text: show([("part_search", "ilike", text)])
    )
    yield search_line("product_list_search_box_word", ours, host)


def host_domain(text):
    fields = ("default_code", "product_variant_ids.default_code", "name", "barcode")
    return ["|"] * 3 + [(field, "ilike", text) for field in fields]


def search_line(name, ours, host):
    return {
        "name": f"part_lookup.{name}",
        "ours": round(ours[1], 3),
        "host": round(host[1], 3),
        "unit": "ms",
    }
