def post_init_hook(env):
    """Guard the stock of companies that have none yet; the others decide themselves.

    The parts of visits that are open get their states.
    """
    env["res.company"].sudo().search([])._guard_new_stock()
    env["sale.order.line"].sudo()._start_stock_states()


def uninstall_hook(env):
    """The parts role had rights in the Inventory and Purchase apps through us."""
    parts = env.ref("auto_service_base.group_parts", raise_if_not_found=False)
    names = ("stock.group_stock_user", "purchase.group_purchase_user")
    if parts:
        groups = [env.ref(name, raise_if_not_found=False) for name in names]
        parts.implied_ids -= env["res.groups"].union(*filter(None, groups))
