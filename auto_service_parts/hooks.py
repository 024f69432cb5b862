def post_init_hook(env):
    """Products that are there already get their numbers."""
    env["auto.service.part.number"]._fill()


def uninstall_hook(env):
    """The tables of price lists lie outside the ORM: they go with the addon."""
    env["auto.service.price.row"]._drop_everything()
