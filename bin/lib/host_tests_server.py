"""Odoo's command line with one difference: what runs at the end are all tests.

The host runs most of its tests while the module is being installed, when what stands
on it is not loaded yet. To see whether an addon of ours changes anything, they have to
run when everything is there.
"""

import sys

import odoo.cli
from odoo.tests import loader
from odoo.tests.tag_selector import TagsSelector


class AllPositions(TagsSelector):
    """Takes tests wherever they want to run."""

    def check(self, test):
        return {"at_install", "post_install"} & test.test_tags


def select(spec):
    return AllPositions(spec) if spec == "post_install" else TagsSelector(spec)


if __name__ == "__main__":
    loader.TagsSelector = select
    sys.exit(odoo.cli.main())
