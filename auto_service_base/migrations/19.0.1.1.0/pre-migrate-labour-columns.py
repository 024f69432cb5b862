import logging

from odoo.tools.sql import column_exists, create_column

_logger = logging.getLogger(__name__)


def migrate(cr, version):
    """Fill new computed columns by SQL, or leave them empty, before the ORM does.

    One by one it would take minutes on a company with 100,000 vehicles and orders.
    """
    if not column_exists(cr, "sale_order", "show_labour_detail"):
        create_column(cr, "sale_order", "show_labour_detail", "bool")
    if not column_exists(cr, "fleet_vehicle", "drive"):
        create_column(cr, "fleet_vehicle", "drive", "varchar")
        cr.execute(
            """
            UPDATE fleet_vehicle AS vehicle
               SET drive = CASE model.drive_type WHEN 'fwd' THEN 'front'
                                                 WHEN 'rwd' THEN 'rear'
                                                 ELSE 'all' END
              FROM fleet_vehicle_model AS model
             WHERE model.id = vehicle.model_id
               AND model.drive_type IN ('fwd', 'rwd', 'awd', '4wd')
            """
        )
        _logger.info(
            "Driven wheels of %s vehicles taken from their models", cr.rowcount
        )
