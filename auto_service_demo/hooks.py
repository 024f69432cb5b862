def post_init_hook(env):
    """The garage is there as soon as the addon is installed."""
    env["auto.service.demo"]._load()


def uninstall_hook(env):
    """The garage goes with the addon; own data stays."""
    env["auto.service.demo"]._remove()
