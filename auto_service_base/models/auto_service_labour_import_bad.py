from odoo import fields, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)
# Looked up by code and translated when they are shown.
# pylint: disable=prefer-env-translation

#: What is wrong, in one sentence that says what to do.
PROBLEMS = {
    "no_operation": _lt("Neither code nor name of an operation: fill in one of them."),
    "no_time": _lt("No time: fill in hours or a value, or leave the line out."),
    "number": _lt("This is not a number."),
    "negative": _lt("Hours cannot be negative."),
    "zero": _lt("Zero is no labour time: where no time is known, leave the line out."),
    "too_long": _lt("More than 999 hours: the unit is probably another one."),
    "unit": _lt("This unit is not known: write h, min, AW5, AW6 or ZE."),
    "ambiguous": _lt("An AW has 5 or 6 minutes: choose the unit above, or write AW5."),
    "unit_missing": _lt("The unit is missing: fill it in, or choose one above."),
    "kind": _lt("This kind of time is not known: standard, warranty or own."),
    "fuel": _lt("This fuel is not known: write for example diesel or petrol."),
    "transmission": _lt("This gearbox is not known: write manual or automatic."),
    "drive": _lt("This drive is not known: write front, rear or all."),
    "body": _lt("This body is not known: write for example saloon, estate or van."),
    "labour_category": _lt(
        "This labour category is not known: write for example mechanical or body."
    ),
    "relation_kind": _lt(
        "This relation is not known: write includes, excludes, preliminary, follow_up, "
        "combination or additional."
    ),
    "capacity": _lt("This is not an engine capacity: write for example 1598 or 1.6."),
    "power": _lt("This is not an engine power: write for example 77 or 105 hp."),
    "year": _lt("This is not a year: write for example 2009 or 2009-2013."),
    "date": _lt("This is not a date: write for example 2026-11-30 or 30.11.2026."),
    "order": _lt("The end comes before the beginning."),
    "make": _lt("A model needs its make: fill in the make."),
    "columns": _lt("More columns than the header: a text with a delimiter needs “ ”."),
    "encoding": _lt("Unreadable characters: choose another encoding above."),
    "no_relation_kind": _lt("Say how the related operation is related."),
    "no_related": _lt("The code of the related operation is missing."),
    "no_relation_hours": _lt("This relation needs its hours: fill them in."),
    "relation_self": _lt("An operation cannot be related to itself."),
    "relation_cycle": _lt("The relations go round in a circle: take one of them out."),
    "unknown_operation": _lt(
        "There is no such operation: create it, or tick “Create missing operations”."
    ),
    "unknown_make": _lt(
        "There is no such make: create it, or tick “Create missing makes and models”."
    ),
    "unknown_model": _lt(
        "There is no such model: create it, or tick “Create missing makes and models”."
    ),
    "unknown_type": _lt(
        "There is no such vehicle type: create it, or tick “Create missing types”."
    ),
    "duplicate": _lt(
        "An earlier line has this operation and vehicle already: keep one of them."
    ),
    "overlap": _lt(
        "Valid on the same days as another line for this operation and vehicle."
    ),
    "overlap_database": _lt(
        "Valid on the same days as a time that this source has already: end that first."
    ),
}


class AutoServiceLabourImportBad(models.Model):
    """Row of a file that cannot be taken, and why."""

    _name = "auto.service.labour.import.bad"
    _description = "Bad Row of an Import"
    _order = "line, id"
    _rec_name = "message"
    _log_access = False

    import_id = fields.Many2one(
        "auto.service.labour.import",
        required=True,
        index=True,
        ondelete="cascade",
        help="Import that the row belongs to.",
    )
    line = fields.Integer(aggregator=None, help="Line of the file.")
    column = fields.Char(help="Column of the file that is wrong.")
    value = fields.Char(help="What stands there.")
    message = fields.Char(
        string="What is wrong", help="What is wrong with the row, and what to do."
    )
