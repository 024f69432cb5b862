import zlib

from odoo import api, fields, models
from odoo.tools import SQL

from .auto_service_entry_guard import BUCKETS

#: Row of the entry guard that whoever adds times or deletes what they refer to touches.
GUARD = zlib.crc32(b"labour.time") % BUCKETS
#: Column, table that it refers to, what becomes of the times when the record goes.
REFERENCES = (
    ("operation_id", "auto_service_operation", "cascade"),
    ("vehicle_type_id", "auto_service_vehicle_type", "cascade"),
    ("source_id", "auto_service_labour_source", "restrict"),
)


class SetCheckedMany2one(fields.Many2one):
    """Many2one that triggers guard once a statement, not a foreign key once a row.

    Three foreign keys took three quarters of the time of an import.
    """

    def update_db_foreign_key(self, model, column):
        model.env.cr.execute(
            SQL(
                "ALTER TABLE %s DROP CONSTRAINT IF EXISTS %s",
                SQL.identifier(model._table),
                SQL.identifier(f"{model._table}_{self.name}_fkey"),
            )
        )


class AutoServiceLabourTime(models.Model):
    """References of the times, checked set by set inside the database.

    What a foreign key does, the triggers do as well: a time with an operation, type or
    source that does not exist is refused, times go with their operation or type, and a
    source with times stays. Both sides touch the same row of the entry guard, so the
    one that comes second starts again and sees what the first one did.
    """

    _inherit = "auto.service.labour.time"

    operation_id = SetCheckedMany2one()
    vehicle_type_id = SetCheckedMany2one()
    source_id = SetCheckedMany2one()

    @api.model_create_multi
    def create(self, vals_list):
        # The trigger does the same; whoever comes second here starts again in silence.
        self.env["auto.service.entry.guard"]._enter("labour.time")
        return super().create(vals_list)

    def init(self):
        # The tables that the triggers name are complete only then.
        self.pool.post_init(self._create_reference_guards)
        return super().init()

    def _create_reference_guards(self):
        """Functions and triggers; safe to run again."""
        execute = self.env.cr.execute
        execute(self._get_added_function())
        execute(self._get_changed_function())
        execute(self._get_trigger("added", SQL("INSERT"), self._table, "NEW"))
        execute(
            SQL(
                """
                CREATE OR REPLACE TRIGGER auto_service_labour_time_changed
                AFTER UPDATE OF operation_id, vehicle_type_id, source_id
                ON auto_service_labour_time FOR EACH ROW
                EXECUTE FUNCTION auto_service_labour_time_changed()
                """
            )
        )
        for column, table, ondelete in REFERENCES:
            name = f"deleted_{column}"
            execute(self._get_deleted_function(name, column, ondelete))
            execute(self._get_trigger(name, SQL("DELETE"), table, "OLD"))

    def _get_trigger(self, name, event, table, side):
        """Query for a trigger that sees all rows of a statement as a table."""
        return SQL(
            """
            CREATE OR REPLACE TRIGGER %(name)s AFTER %(event)s ON %(table)s
            REFERENCING %(side)s TABLE AS touched FOR EACH STATEMENT
            EXECUTE FUNCTION %(name)s()
            """,
            name=SQL.identifier(f"auto_service_labour_time_{name}"),
            event=event,
            table=SQL.identifier(table),
            side=SQL(side),
        )

    def _get_function(self, name, body):
        """Query for a function of a trigger.

        :param SQL body: statements
        """
        return SQL(
            """
            CREATE OR REPLACE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql AS
            $function$
            BEGIN
                %s
                RETURN NULL;
            END
            $function$
            """,
            SQL.identifier(f"auto_service_labour_time_{name}"),
            body,
        )

    def _get_guard(self):
        return SQL(
            "INSERT INTO auto_service_entry_guard (bucket) VALUES (%s)"
            " ON CONFLICT (bucket) DO UPDATE SET bucket = EXCLUDED.bucket;",
            SQL(str(GUARD)),
        )

    def _get_refusal(self, column, message):
        """Statement that raises what a foreign key would raise."""
        return SQL(
            """
            RAISE foreign_key_violation USING
                MESSAGE = '%(message)s', TABLE = 'auto_service_labour_time',
                CONSTRAINT = 'auto_service_labour_time_%(column)s_fkey';
            """,
            column=SQL(column),
            message=SQL(message),
        )

    def _get_added_function(self):
        checks = [
            SQL(
                """
                IF EXISTS (
                    SELECT %(column)s FROM touched WHERE %(column)s IS NOT NULL
                    EXCEPT SELECT id FROM %(table)s
                ) THEN %(refusal)s END IF;
                """,
                column=SQL.identifier(column),
                table=SQL.identifier(table),
                refusal=self._get_refusal(column, f"no such {column}"),
            )
            for column, table, _ondelete in REFERENCES
        ]
        return self._get_function("added", SQL(" ").join([self._get_guard(), *checks]))

    def _get_changed_function(self):
        checks = [
            SQL(
                """
                IF NEW.%(column)s IS NOT NULL AND NOT EXISTS (
                    SELECT FROM %(table)s WHERE id = NEW.%(column)s
                ) THEN %(refusal)s END IF;
                """,
                column=SQL.identifier(column),
                table=SQL.identifier(table),
                refusal=self._get_refusal(column, f"no such {column}"),
            )
            for column, table, _ondelete in REFERENCES
        ]
        return self._get_function(
            "changed", SQL(" ").join([self._get_guard(), *checks])
        )

    def _get_deleted_function(self, name, column, ondelete):
        mine = SQL("%s IN (SELECT id FROM touched)", SQL.identifier(column))
        if ondelete == "cascade":
            body = SQL("DELETE FROM auto_service_labour_time WHERE %s;", mine)
        else:
            body = SQL(
                "IF EXISTS (SELECT FROM auto_service_labour_time WHERE %s)"
                " THEN %s END IF;",
                mine,
                self._get_refusal(column, "labour times refer to it"),
            )
        return self._get_function(name, SQL(" ").join([self._get_guard(), body]))

    def _drop_reference_guards(self):
        """Called when the addon goes: functions are not part of any table."""
        names = ["added", "changed", *(f"deleted_{item[0]}" for item in REFERENCES)]
        for name in names:
            self.env.cr.execute(
                SQL(
                    "DROP FUNCTION IF EXISTS %s() CASCADE",
                    SQL.identifier(f"auto_service_labour_time_{name}"),
                )
            )
