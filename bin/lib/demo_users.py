"""Run in ``bin/odoo shell``: give the people of the demonstration their passwords.

The passwords are in the cache folder, one file a login, readable by its owner only.
"""

import os
from pathlib import Path

secrets = Path(os.environ["AUTO_SERVICE_CACHE"]) / "secrets"
users = env["res.users"].with_context(no_reset_password=True, active_test=False)  # noqa: F821
for path in sorted(secrets.iterdir()):
    user = users.search([("login", "=", path.name)])
    if user:
        user.password = path.read_text(encoding="utf-8").strip()
        print("password set:", path.name)
env["ir.qweb"]._pregenerate_assets_bundles()  # noqa: F821
env.cr.commit()  # noqa: F821 pylint: disable=invalid-commit
