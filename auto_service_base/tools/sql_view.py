"""Change the definition of an SQL view that somebody else has created."""

import re

from odoo.tools import SQL


def replace_in_view(cr, view, replacements):
    """Recreate ``view`` with replaced pieces of its definition.

    :param cr: cursor
    :param str view: name of the view
    :param replacements: pairs (regular expression, replacement)
    :return: False, with nothing changed, when one expression does not occur
    """
    cr.execute(SQL("SELECT pg_get_viewdef(%s::regclass)", view))
    [definition] = cr.fetchone()
    for pattern, replacement in replacements:
        definition, count = re.subn(pattern, replacement, definition)
        if not count:
            return False
    name = SQL.identifier(view)
    body = SQL(definition.rstrip().rstrip(";").replace("%", "%%"))
    cr.execute(SQL("CREATE OR REPLACE VIEW %s AS %s", name, body))
    return True
