"""Fills a database: 100,000 vehicles, 50,000 customers, 50,000 work orders.

One record of each kind is created through the ORM and multiplied in the database, so
that columns which an addon adds later are filled in as the ORM fills them in. What the
ORM would have computed is compared with a sample at the end.
"""

PARTNERS = 50_000
VEHICLES = 100_000
READINGS_PER_VEHICLE = 4
ORDERS = 50_000
OPEN_ORDERS = 300
COMPANY_VEHICLES = 200
ADVISOR = "bench_advisor"
FIRST_NAMES = "Mari,Jüri,Anna,Peeter,Olga,Ivan,Kati,Toomas,Elena,Gábor,Piret,Marek"
LAST_NAMES = (
    "Tamm,Saar,Mägi,Kask,Petrov,Ivanova,Kovács,Nagy,Bērziņš,Kalniņš,Kowalski,Nowak,"
    "Popescu,Horvat,Jansons,Virtanen,Sepp,Kuusk,Õunapuu,Rebane,Lepik,Smirnov,Szabó"
)
MAKES = ("Audi", "BMW", "Škoda", "Toyota", "Volvo", "Kia", "Lada", "Opel", "Ford", "VW")


def build(env):
    """Build everything; the caller commits.

    :param env: environment of the superuser on a database with the addons
    """
    env = env(context=dict(env.context, tracking_disable=True))
    prototypes = create_prototypes(env)
    env.flush_all()
    first = {}
    first["partner"] = multiply_partners(env, prototypes["partner"])
    first["vehicle"] = multiply_vehicles(env, prototypes["vehicle"], first)
    multiply_readings(env, prototypes["reading"], first)
    multiply_orders(env, prototypes["order"], first)
    env.invalidate_all()
    env.cr.execute("ANALYZE")
    check_sample(env, first)


# --- the records that are multiplied


def create_prototypes(env):
    """One record of each kind, with its user and its makes and models."""
    create_advisor(env)
    models = create_models(env)
    partner = env["res.partner"].create(
        {"name": "Bench Customer", "phone": "+37255500000", "email": "b@example.com"}
    )
    vehicle = env["fleet.vehicle"].create(
        {
            "license_plate": "BENCH 0",
            "vin_sn": "WVWZZZ1KZ6W000000",
            "model_id": models[0].id,
            "is_customer_vehicle": True,
            "owner_id": partner.id,
            "build_year": 2010,
        }
    )
    reading = vehicle._record_odometer(1000, date="2026-01-01")
    env["fleet.vehicle"].create(
        [
            {
                "license_plate": f"FLEET {number}",
                "model_id": models[number % len(models)].id,
                "is_customer_vehicle": False,
                "acquisition_date": "2022-01-01",
            }
            for number in range(COMPANY_VEHICLES)
        ]
    )
    order = create_order(env, vehicle, partner)
    return {"partner": partner, "vehicle": vehicle, "reading": reading, "order": order}


def create_advisor(env):
    """The user whose screens are measured."""
    group = env.ref("auto_service_base.group_advisor")
    env["res.users"].with_context(no_reset_password=True).create(
        {"name": "Bench Advisor", "login": ADVISOR, "group_ids": [(4, group.id)]}
    )


def create_models(env):
    """Three hundred models of ten makes."""
    makes = env["fleet.vehicle.model.brand"].create([{"name": name} for name in MAKES])
    return env["fleet.vehicle.model"].create(
        [
            {"name": f"Model {number:03}", "brand_id": makes[number % len(makes)].id}
            for number in range(300)
        ]
    )


def create_order(env, vehicle, partner):
    """A visit with two jobs and their estimate of two sections and four lines."""
    order = env["auto.service.order"].create(
        {
            "vehicle_id": vehicle.id,
            "partner_id": partner.id,
            "complaint": "Brakes squeak when cold",
            "odometer_in": 123456,
        }
    )
    jobs = env["auto.service.job"].create(
        [{"order_id": order.id, "name": name} for name in ("Brakes", "Oil change")]
    )
    product = env["product.product"].create(
        {"name": "Bench part", "type": "consu", "list_price": 50, "taxes_id": False}
    )
    sale = env["sale.order"].create(
        {"partner_id": partner.id, "work_order_id": order.id}
    )
    lines = []
    for job in jobs:
        values = {"order_id": sale.id, "job_id": job.id}
        lines.append(dict(values, display_type="line_section", name=job.name))
        lines += [
            dict(values, product_id=product.id, product_uom_qty=quantity, kind="part")
            for quantity in (1, 2)
        ]
    env["sale.order.line"].create(lines)
    return order


# --- multiplying


def multiply(env, table, record_id, count, values):
    """Insert ``count`` copies of a row.

    :param str table: table with an ``id``
    :param int record_id: id of the row that is copied
    :param int count: number of copies
    :param dict values: SQL by column, with ``i`` (0 to count - 1) and ``t`` (the row)
    :return: id of the first copy; the others follow without a gap
    """
    cr = env.cr
    cr.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
    cr.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}")
    [first] = cr.fetchone()
    values = {"id": f"{first} + i", **values}
    cr.execute(
        "SELECT column_name FROM information_schema.columns "
        "WHERE table_name = %s AND table_schema = current_schema",
        (table,),
    )
    columns = [name for (name,) in cr.fetchall()]
    names = ", ".join(f'"{name}"' for name in columns)
    expressions = ", ".join(values.get(name, f't."{name}"') for name in columns)
    cr.execute(
        f"INSERT INTO {table} ({names}) SELECT {expressions} "
        f"FROM {table} t, generate_series(0, {count - 1}) i WHERE t.id = {record_id}"
    )
    cr.execute(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))")
    # Foreign keys of the next table are else checked with a plan for few rows.
    cr.execute(f"ANALYZE {table}")
    return first


def multiply_partners(env, partner):
    """Customers with names of the region and a phone each."""
    first_names, last_names = FIRST_NAMES.split(","), LAST_NAMES.split(",")
    name = (
        f"(string_to_array('{FIRST_NAMES}', ','))[1 + i % {len(first_names)}] "
        f"|| ' ' || (string_to_array('{LAST_NAMES}', ','))"
        f"[1 + i / 7 % {len(last_names)}]"
        " || ' ' || i"
    )
    phone = "'+3725' || lpad((i * 7919 % 10000000)::text, 7, '0')"
    return multiply(
        env,
        "res_partner",
        partner.id,
        PARTNERS,
        {
            "name": name,
            "complete_name": name,
            "phone": phone,
            "phone_sanitized": phone,
            "email": "'c' || i || '@example.com'",
            "email_normalized": "'c' || i || '@example.com'",
            "commercial_partner_id": "(SELECT last_value FROM res_partner_id_seq)",
        },
    )


def multiply_vehicles(env, vehicle, first):
    """Two vehicles per customer, with plate, VIN, owner's row and search text."""
    partner = first["partner"]
    env.cr.execute(
        "UPDATE res_partner SET commercial_partner_id = id WHERE id >= %s", (partner,)
    )
    letters = "||".join(
        f"substr('ABDEGHKLMPRSTVXZ', 1 + (i * 7 / {step}) % 16, 1)"
        for step in (1, 16, 256)
    )
    plate = f"lpad((i * 37 % 1000)::text, 3, '0') || ' ' || {letters}"
    vin = (
        "'WVWZZZ' || translate(upper(substr(md5(i::text), 1, 5)), 'IOQ', 'XYZ') "
        "|| lpad(i::text, 6, '0')"
    )
    first_vehicle = multiply(
        env,
        "fleet_vehicle",
        vehicle.id,
        VEHICLES,
        {
            "license_plate": plate,
            "plate_normalized": f"replace({plate}, ' ', '')",
            "vin_sn": vin,
            "vin_normalized": vin,
            "owner_id": f"{partner} + i / 2",
            "build_year": "1995 + i % 31",
        },
    )
    env.cr.execute(
        """
        UPDATE fleet_vehicle v
           SET model_id = m.id, brand_id = m.brand_id,
               name = b.name || '/' || m.name || '/' || v.license_plate,
               model_label = b.name || ' ' || m.name,
               search_text = ' ' || lower(v.plate_normalized) || ' '
                   || lower(v.vin_normalized) || ' ' || translate(lower(p.name),
                      'äöüõšžāēīņáóúéíő', 'aouoszaeinaoueio') || ' '
                   || substr(p.phone, 2) || ' '
          FROM (SELECT id, brand_id, name, row_number() OVER (ORDER BY id) - 1 AS number
                  FROM fleet_vehicle_model WHERE name LIKE 'Model ___') m
          JOIN fleet_vehicle_model_brand b ON b.id = m.brand_id,
               res_partner p
         WHERE v.id >= %(first)s AND p.id = v.owner_id
           AND m.number = (v.id - %(first)s) %% 300
        """,
        {"first": first_vehicle},
    )
    multiply(
        env,
        "auto_service_vehicle_person",
        vehicle.person_ids.id,
        VEHICLES,
        {"vehicle_id": f"{first_vehicle} + i", "partner_id": f"{partner} + i / 2"},
    )
    return first_vehicle


def multiply_readings(env, reading, first):
    """Four readings per vehicle, the last of them on the vehicle."""
    vehicle, count = first["vehicle"], READINGS_PER_VEHICLE
    multiply(
        env,
        "fleet_vehicle_odometer",
        reading.id,
        VEHICLES * count,
        {
            "vehicle_id": f"{vehicle} + i / {count}",
            "date": f"DATE '2022-03-01' + (i % {count}) * 365",
            "value": f"10000 + i / {count} % 200000 + i % {count} * 15000",
        },
    )
    env.cr.execute(
        """
        UPDATE fleet_vehicle v SET last_odometer = o.value, last_odometer_date = o.date
          FROM fleet_vehicle_odometer o
         WHERE o.vehicle_id = v.id AND v.id >= %s AND o.date = DATE '2022-03-01' + 1095
        """,
        (vehicle,),
    )


def multiply_orders(env, order, first):
    """Visits with jobs, stage log and estimate; a few hundred of them are open."""
    moment = f"now() AT TIME ZONE 'UTC' - (i - {OPEN_ORDERS}) * interval '20 minutes'"
    order_first = multiply(
        env,
        "auto_service_order",
        order.id,
        ORDERS,
        {
            "name": "'BENCH/' || lpad(i::text, 6, '0')",
            "vehicle_id": f"{first['vehicle']} + i * 2",
            "partner_id": f"{first['partner']} + i",
            "license_plate": f"(SELECT license_plate FROM fleet_vehicle v "
            f"WHERE v.id = {first['vehicle']} + i * 2)",
            "state": f"CASE WHEN i < {OPEN_ORDERS} THEN 'open' ELSE 'closed' END",
            "received_at": moment,
            "promised_at": f"{moment} + interval '8 hours'",
        },
    )
    spread_over_stages(env, order_first)
    jobs = {
        job.id: multiply(
            env, "auto_service_job", job.id, ORDERS, {"order_id": f"{order_first} + i"}
        )
        for job in order.job_ids
    }
    multiply_estimates(env, order, order_first, jobs, first)
    for log in order.stage_log_ids:
        multiply(
            env,
            "auto_service_stage_log",
            log.id,
            ORDERS,
            {"order_id": f"{order_first} + i"},
        )


def multiply_estimates(env, order, order_first, jobs, first):
    """The estimate of each visit with its lines."""
    for sale in order.sale_order_ids:
        partner = f"{first['partner']} + i"
        sale_first = multiply(
            env,
            "sale_order",
            sale.id,
            ORDERS,
            {
                "name": "'BE' || lpad(i::text, 6, '0')",
                "work_order_id": f"{order_first} + i",
                "vehicle_id": f"{first['vehicle']} + i * 2",
                "partner_id": partner,
                "partner_invoice_id": partner,
                "partner_shipping_id": partner,
                "access_token": "md5(i::text)",
                "date_order": "t.date_order - i * interval '20 minutes'",
            },
        )
        for line in sale.order_line:
            multiply(
                env,
                "sale_order_line",
                line.id,
                ORDERS,
                {
                    "order_id": f"{sale_first} + i",
                    "work_order_id": f"{order_first} + i",
                    "order_partner_id": partner,
                    "job_id": f"{jobs[line.job_id.id]} + i" if line.job_id else "NULL",
                },
            )


def spread_over_stages(env, order_first):
    """Open visits over the open stages, the others in the last one."""
    stages = env["auto.service.stage"].search([])
    closing = stages.filtered("is_closing")[:1] or stages[-1]
    opened = stages.filtered(lambda stage: not stage.is_closing) - closing
    ids = ",".join(map(str, opened.ids))
    env.cr.execute(
        f"""
        UPDATE auto_service_order o
           SET stage_id = CASE WHEN o.state = 'open'
                   THEN (ARRAY[{ids}])[1 + (o.id - {order_first}) % {len(opened)}]
                   ELSE {closing.id} END
         WHERE o.id >= {order_first}
        """
    )
    env.cr.execute(
        f"""
        UPDATE auto_service_order o SET step = s.step,
               closed_at = CASE WHEN o.state = 'closed' THEN o.promised_at END
          FROM auto_service_stage s WHERE s.id = o.stage_id AND o.id >= {order_first}
        """
    )


def check_sample(env, first):
    """Compare what was written by SQL with what the ORM computes."""
    ids = range(first["vehicle"], first["vehicle"] + VEHICLES, VEHICLES // 50)
    vehicles = env["fleet.vehicle"].browse(ids)
    names = (
        "search_text",
        "plate_normalized",
        "vin_normalized",
        "owner_id",
        "name",
        "model_label",
    )
    stored = vehicles.read(names + ("last_odometer", "last_odometer_date"))
    for name in names + ("last_odometer",):
        env.add_to_compute(vehicles._fields[name], vehicles)
    for before, after in zip(stored, vehicles.read(list(stored[0])), strict=True):
        if before != after:
            raise AssertionError(f"{before} is not what the ORM computes: {after}")
    env.invalidate_all(flush=False)
