"""What has to be done in a running fleet app, and undone when the garage leaves.

Called by the hooks of the addon.
"""

import json

from odoo.tools import SQL

PARAMETER = "auto_service_base.fleet_action_domains"
CLAUSES = {
    "fleet.vehicle": "[('is_customer_vehicle', '=', False)]",
    "fleet.vehicle.odometer": "[('vehicle_id.is_customer_vehicle', '=', False)]",
}
REPORTS = ("fleet.vehicle.cost.report", "fleet.vehicle.odometer.report")
UNKNOWN_MODEL = "auto_service_base.fleet_vehicle_model_unknown"
TAG = "Customer's vehicle (Auto Service)"


def hide_customer_vehicles(env):
    """Show only the company's own vehicles on the fleet app's screens.

    Record rules do that for people of the fleet app; people who work in the garage as
    well may see all vehicles, so the screens need a domain. The former domains are
    kept for :func:`restore_fleet_app`.
    """
    own = env["ir.model.data"].search(
        [("model", "=", "ir.actions.act_window"), ("module", "=", "auto_service_base")]
    )
    actions = env["ir.actions.act_window"].search(
        [("res_model", "in", list(CLAUSES)), ("id", "not in", own.mapped("res_id"))]
    )
    former = {}
    for action in actions:
        former[action.id] = action.domain or ""
        clause = CLAUSES[action.res_model]
        action.domain = f"{clause} + {action.domain}" if action.domain else clause
    env["ir.config_parameter"].set_param(PARAMETER, json.dumps(former))


def restore_fleet_app(env):
    """Leave the fleet app as it was before the installation."""
    _restore_actions(env)
    _archive_customer_vehicles(env)
    _keep_unknown_model(env)
    for name in REPORTS:
        env[name].with_context(auto_service_keep_host_view=True).init()


def _restore_actions(env):
    """Give the window actions their former domains back."""
    parameters = env["ir.config_parameter"]
    former = json.loads(parameters.get_param(PARAMETER) or "{}")
    for action in env["ir.actions.act_window"].browse(map(int, former)).exists():
        if "is_customer_vehicle" in (action.domain or ""):
            action.domain = former[str(action.id)] or False
    parameters.set_param(PARAMETER, False)


def _archive_customer_vehicles(env):
    """Archive customers' vehicles, marked by a tag, so that Fleet does not show them.

    Who installs the addon again finds them by the tag. The oldest acquisition date of
    all vehicles, archived ones too, is where the host's cost report begins: a
    customer's vehicle must not have one.
    """
    env.flush_all()
    env.cr.execute(
        "UPDATE fleet_vehicle SET acquisition_date = NULL WHERE is_customer_vehicle"
    )
    if not env.cr.rowcount:
        return
    tags = env["fleet.vehicle.tag"]
    tag = tags.search([("name", "=", TAG)], limit=1) or tags.create({"name": TAG})
    relation = env["fleet.vehicle"]._fields["tag_ids"]
    env.cr.execute(
        SQL(
            """
            WITH archived AS (
                UPDATE fleet_vehicle SET active = FALSE
                 WHERE is_customer_vehicle AND active
                RETURNING id
            )
            INSERT INTO %s (%s, %s)
            SELECT id, %s FROM archived ON CONFLICT DO NOTHING
            """,
            SQL.identifier(relation.relation),
            SQL.identifier(relation.column1),
            SQL.identifier(relation.column2),
            tag.id,
        )
    )
    env.invalidate_all()


def _keep_unknown_model(env):
    """Leave make and model "Unknown" to the vehicles that need them."""
    model = env.ref(UNKNOWN_MODEL, raise_if_not_found=False)
    if not model:
        return
    vehicles = env["fleet.vehicle"].with_context(active_test=False)
    if vehicles.search_count([("model_id", "in", model.ids)], limit=1):
        env["ir.model.data"].search(
            [
                ("module", "=", "auto_service_base"),
                ("model", "in", ("fleet.vehicle.model", "fleet.vehicle.model.brand")),
            ]
        ).unlink()
