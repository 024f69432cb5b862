from odoo import api, fields, models
from odoo.tools import SQL


class AutoServiceLabourImportProgress(models.Model):
    """How far a load is, for those who look on; and their wish to stop it.

    Written in transactions of their own, because the load itself is a single one that
    nobody else sees into. No reference to the import: that would lock it.
    """

    _name = "auto.service.labour.import.progress"
    _description = "Progress of an Import"
    _log_access = False

    import_number = fields.Integer(required=True, help="Number of the import.")
    done = fields.Integer(help="Rows that have been written so far.")
    is_stopping = fields.Boolean(help="Somebody wants the load to stop.")

    _import_uniq = models.UniqueIndex("(import_number)")

    @api.model
    def _put(self, number, done=None, is_stopping=None):
        """Note the progress or the wish to stop, at once visible to everybody.

        :param int number: of the import
        :return: whether the load is to stop
        """
        query = SQL(
            """
            INSERT INTO auto_service_labour_import_progress
                   (import_number, done, is_stopping)
            VALUES (%(number)s, COALESCE(%(done)s, 0), COALESCE(%(stop)s, FALSE))
       ON CONFLICT (import_number) DO UPDATE
               SET done = COALESCE(
                       %(done)s, auto_service_labour_import_progress.done
                   ),
                   is_stopping = COALESCE(
                       %(stop)s, auto_service_labour_import_progress.is_stopping
                   )
         RETURNING is_stopping
            """,
            number=number,
            done=done,
            stop=is_stopping,
        )
        with self.env.registry.cursor() as cr:
            cr.execute(query)
            return cr.fetchone()[0]
