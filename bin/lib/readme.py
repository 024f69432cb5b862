"""Assemble the README.md of every addon from its manifest and its readme/ fragments."""

import ast
import os
import re
import sys
from pathlib import Path

ROOT = Path(os.environ.get("AUTO_SERVICE_ROOT") or Path(__file__).parents[2])
SECTIONS = [
    ("DESCRIPTION", None),
    ("CONTEXT", "Why"),
    ("CONFIGURE", "Configure"),
    ("USAGE", "Use"),
    ("DEVELOP", "For developers"),
    ("ROADMAP", "Not there yet"),
]


def assemble(addon):
    """README of ``addon`` as text."""
    manifest = ast.literal_eval((addon / "__manifest__.py").read_text(encoding="utf-8"))
    parts = [f"# {manifest['name']}", manifest["summary"] + "."]
    for name, title in SECTIONS:
        path = addon / "readme" / f"{name}.md"
        if not path.exists():
            continue
        if title:
            parts.append(f"## {title}")
        text = path.read_text(encoding="utf-8").strip()
        # Odoo reads README.md as reStructuredText and stumbles over code.
        link = f"See [readme/{name}.md](readme/{name}.md)."
        text = re.sub(r"```python\n.*?\n```", link, text, flags=re.S)
        # Headings of a fragment stand below the heading of its section.
        parts.append(text.replace("\n## ", "\n### ").removeprefix("## "))
        if text.startswith("## "):
            parts[-1] = "### " + parts[-1]
    return "\n\n".join(parts) + "\n"


def main(arguments):
    check = "--check" in arguments
    stale = []
    for manifest in sorted(ROOT.glob("*/__manifest__.py")):
        addon = manifest.parent
        if not (addon / "readme").is_dir():
            continue
        target, text = addon / "README.md", assemble(addon)
        if target.exists() and target.read_text(encoding="utf-8") == text:
            continue
        if check:
            stale.append(addon.name)
        else:
            target.write_text(text, encoding="utf-8")
    if stale:
        sys.exit(
            f"README.md is older than readme/: {', '.join(stale)}. Run bin/readme."
        )


if __name__ == "__main__":
    main(sys.argv[1:])
