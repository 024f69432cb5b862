import logging

import psycopg2

from odoo.modules.db import has_trigram
from odoo.tools import mute_logger
from odoo.tools.sql import column_exists, create_column

from .fleet_app import hide_customer_vehicles, restore_fleet_app

_logger = logging.getLogger(__name__)

NEW_COLUMNS = [
    ("sale_order", "vehicle_id", "int4"),
    ("sale_order", "show_labour_detail", "bool"),
    ("sale_order_line", "work_order_id", "int4"),
    ("sale_order_line", "kind", "varchar"),
]


def _prepare_columns(env):
    """Create computed columns empty: old orders belong to no visit.

    Without it the installation would compute every line of a running company.
    """
    for table, column, column_type in NEW_COLUMNS:
        if not column_exists(env.cr, table, column):
            create_column(env.cr, table, column, column_type)


def _set_labour_service(env):
    """Every company starts with the labour service of the addon."""
    product = env.ref("auto_service_base.product_labour", raise_if_not_found=False)
    if product:
        env["res.company"].search(
            [("auto_service_labour_product_id", "=", False)]
        ).write({"auto_service_labour_product_id": product.id})


def _enable_trigrams(env):
    """The search box needs the index that finds a part of a text.

    Databases that Odoo has created have the extension; others may lack it. Where the
    role may not create it the search works without, slowly.
    """
    if env.registry.has_trigram:
        return
    try:
        with env.cr.savepoint(), mute_logger("odoo.sql_db"):
            env.cr.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        env.registry.has_trigram = has_trigram(env.cr)
    except psycopg2.Error as error:
        _logger.info("The search for parts of plates stays slow: %s", error)


def pre_init_hook(env):
    _enable_trigrams(env)
    _prepare_columns(env)


def post_init_hook(env):
    hide_customer_vehicles(env)
    _set_labour_service(env)


def uninstall_hook(env):
    env["auto.service.labour.import"]._drop_all_staging()
    env["auto.service.labour.time"]._drop_reference_guards()
    restore_fleet_app(env)
