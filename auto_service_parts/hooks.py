import shutil
from functools import partial


def post_init_hook(env):
    """Products that are there already get their numbers."""
    env["auto.service.part.number"]._fill()


def uninstall_hook(env):
    """Tables and files of price lists lie outside the ORM: they go with the addon."""
    env["auto.service.price.row"]._drop_everything()
    folder = env["auto.service.price.list.load"]._get_root()
    env.cr.postcommit.add(partial(shutil.rmtree, folder, ignore_errors=True))
    # Brands that are in use cannot be deleted one by one: their table goes as a whole.
    env["ir.model.data"].search(
        [
            ("module", "=", "auto_service_parts"),
            ("model", "=", "auto.service.part.brand"),
        ]
    ).unlink()
