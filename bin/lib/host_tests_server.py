"""Odoo's command line with one difference: all tests run at the end.

The host runs most of its tests while their module is being loaded, when what stands on
it is not there yet. To see whether an addon of ours changes anything, they have to run
when everything is there. Only tests of the modules in ``--test-tags`` are looked at.
"""

import sys

import odoo.cli
from odoo.tests import loader
from odoo.tools import config

make_suite = loader.make_suite
TagsSelector = loader.TagsSelector


class Everywhere(TagsSelector):
    """Takes tests wherever they want to run."""

    def check(self, test):
        return True


def make_suite_at_the_end(module_names, position="at_install"):
    """All tests of the wanted modules, or none."""
    wanted = {tag.strip("/") for tag in config["test_tags"].split(",")}
    names = wanted.intersection(module_names) if position == "post_install" else ()
    return make_suite(sorted(names), position)


def select(spec):
    return Everywhere(spec) if spec == "post_install" else TagsSelector(spec)


if __name__ == "__main__":
    loader.make_suite = make_suite_at_the_end
    loader.TagsSelector = select
    sys.exit(odoo.cli.main())
