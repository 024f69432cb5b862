"""Lets plain Python in ``<addon>/tools`` be tested without Odoo, in milliseconds.

``import auto_service_base`` would import its models, and so Odoo. Here each addon
is an empty package with the addon's folder as its path, so that
``from auto_service_base.tools import plate`` imports just that file; the same under
``odoo.addons``, by which one addon's tools know another's.
"""

import sys
import types
from pathlib import Path

from hypothesis import settings

# The same examples in every run: a build never fails for a reason of its own.
# No time limit for one example: the machine may be busy.
settings.register_profile("ours", deadline=None, derandomize=True, database=None)
settings.load_profile("ours")

ROOT = Path(__file__).resolve().parents[2]

for name in ("odoo", "odoo.addons"):
    sys.modules.setdefault(name, types.ModuleType(name)).__path__ = []

for manifest in ROOT.glob("*/__manifest__.py"):
    package = types.ModuleType(manifest.parent.name)
    package.__path__ = [str(manifest.parent)]
    sys.modules[package.__name__] = package
    sys.modules[f"odoo.addons.{package.__name__}"] = package
