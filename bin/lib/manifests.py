"""What the manifests of the checkout say.

Run as a script: ``manifests.py host`` prints the host modules that our addons
stand on, ``manifests.py ours`` our own addons in an order in which each comes
after those it depends on, ``manifests.py apps`` those of them that need more of the
host's apps than the others.
"""

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# The dependency set of auto_service_base (design.md, section 2): it is here too,
# so that the template can be made before the first addon is written.
SEED = {"fleet", "sale_management", "hr", "portal", "phone_validation"}


def read(root=ROOT, tests=True):
    """Manifests by addon name.

    :param root: folder of the checkout
    :param tests: whether the addons under ``tests/`` count
    :return: dict of name -> manifest, with ``path`` added
    """
    manifests = {}
    patterns = ["*/__manifest__.py"] + (["tests/*/__manifest__.py"] if tests else [])
    for pattern in patterns:
        for path in sorted(root.glob(pattern)):
            manifest = ast.literal_eval(path.read_text(encoding="utf-8"))
            if manifest.get("installable", True):
                manifests[path.parent.name] = {**manifest, "path": path.parent}
    return manifests


def host_modules(manifests):
    """Sorted names of the modules that are not ours and that the suite depends on.

    Those of an app that the suite can live without are left out: with them the glue,
    and all that the host adds by itself, would be in every database.
    """
    wanted = set(SEED)
    for name, manifest in manifests.items():
        if not needs_app(name, manifests):
            wanted.update(manifest.get("depends", []))
    return sorted(wanted - set(manifests) - {"base"})


def needs_app(name, manifests):
    """Whether an addon needs an app of the host that the suite can live without.

    It is a glue addon that installs itself where the app is, or it stands on one. All
    of them are tested together, on a database of their own.
    """
    manifest = manifests[name]
    needed = set(manifest.get("depends", []))
    if manifest.get("auto_install") and not needed <= set(manifests):
        return True
    return any(needs_app(other, manifests) for other in needed & set(manifests))


def is_demo(name):
    return name.endswith("_demo")


def suite(root=ROOT):
    """Our addons that the host's smallest set carries, in an order of installation."""
    shipped = read(root, tests=False)
    names = in_order(shipped)
    return [n for n in names if not is_demo(n) and not needs_app(n, shipped)]


def with_apps(root=ROOT):
    """Our addons that need an app of the host beside the suite, in their order."""
    shipped = read(root, tests=False)
    names = in_order(shipped)
    return [n for n in names if not is_demo(n) and needs_app(n, shipped)]


def host_modules_of(name, manifests):
    """Sorted host modules that one addon needs, directly or through others of ours."""
    wanted, waiting = set(), [name]
    while waiting:
        for needed in manifests[waiting.pop()].get("depends", []):
            if needed in manifests:
                waiting.append(needed)
            else:
                wanted.add(needed)
    return sorted(wanted - {"base"})


def in_order(manifests):
    """Our addons, each after those it depends on."""
    done = []

    def visit(name):
        if name in manifests and name not in done:
            for needed in manifests[name].get("depends", []):
                visit(needed)
            done.append(name)

    for name in sorted(manifests):
        visit(name)
    return done


def main(what):
    manifests = read(tests=what != "shipped")
    if what == "host":
        print(",".join(host_modules(manifests)))
    elif what == "apps":
        print(",".join(with_apps()))
    else:
        print(",".join(in_order(manifests)))


if __name__ == "__main__":
    main(sys.argv[1])
