from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG

PLANNED_MODELS = (
    "auto.service.bay",
    "auto.service.equipment",
    "auto.service.courtesy.car",
)


def post_init_hook(env):
    env["auto.service.allocation"]._check_guard()


def uninstall_hook(env):
    """Bays, equipment and courtesy cars leave neither resources nor time off behind.

    Employees and their time off stay. What is planned goes with its table anyway; it is
    deleted first because it keeps the resources; bookings because they keep their
    kinds.
    """
    env.cr.execute("DELETE FROM auto_service_allocation")
    env.cr.execute("DELETE FROM auto_service_booking")
    env.invalidate_all()
    context = {MODULE_UNINSTALL_FLAG: True, "active_test": False}
    for model in PLANNED_MODELS:
        env[model].with_context(**context).search([("id", ">", 0)]).unlink()
