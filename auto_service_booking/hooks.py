def post_init_hook(env):
    env["auto.service.allocation"]._check_guard()


def uninstall_hook(env):
    """Bays, equipment and courtesy cars leave no resources behind."""
    for model in (
        "auto.service.bay",
        "auto.service.equipment",
        "auto.service.courtesy.car",
    ):
        records = env[model].with_context(active_test=False).search([("id", ">", 0)])
        resources = records.resource_id
        env["auto.service.allocation"].search(
            [("resource_id", "in", resources.ids)]
        ).unlink()
        records.unlink()
        resources.unlink()
