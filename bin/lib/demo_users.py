"""Read by ``bin/odoo shell``: passwords for the people of the demonstration.

The passwords are in the cache folder, one file a login, readable by its owner only.
"""

import os
from pathlib import Path

# What the log-in page and the web client load before anything is seen.
FIRST_PAGES = {
    "web.assets_frontend": {"css": True, "js": False},
    "web.assets_frontend_minimal": {"css": False, "js": True},
    "web.assets_frontend_lazy": {"css": False, "js": True},
    "web.assets_web": {"css": True, "js": True},
    "web.assets_web_print": {"css": True, "js": False},
}

secrets = Path(os.environ["AUTO_SERVICE_CACHE"]) / "secrets"
users = env["res.users"].with_context(no_reset_password=True)  # noqa: F821
for path in sorted(secrets.iterdir()):
    user = users.search([("login", "=", path.name)])
    if user:
        user.password = path.read_text(encoding="utf-8").strip()
        print("password set:", path.name)

for name, kinds in FIRST_PAGES.items():
    bundle = env["ir.qweb"]._get_asset_bundle(name, **kinds)  # noqa: F821
    if kinds["css"]:
        bundle.css()
    if kinds["js"]:
        bundle.js()
env.cr.commit()  # noqa: F821 pylint: disable=invalid-commit
