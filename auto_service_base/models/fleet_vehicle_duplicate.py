from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL


class FleetVehicle(models.Model):
    """Vehicles that were entered twice: the warning, and putting them together."""

    _inherit = "fleet.vehicle"

    duplicate_ids = fields.Many2many(
        comodel_name="fleet.vehicle",
        compute="_compute_duplicate_ids",
        string="Same Plate or VIN",
        help="Other vehicles with the same licence plate or VIN.",
    )
    duplicate_hint = fields.Char(
        compute="_compute_duplicate_ids",
        help="Names the vehicles with the same licence plate or VIN.",
    )

    @api.depends("plate_normalized", "vin_normalized", "is_customer_vehicle", "active")
    def _compute_duplicate_ids(self):
        by_code = self._get_duplicates_by_code()
        for vehicle in self:
            same = self.browse()
            if vehicle.is_customer_vehicle and vehicle.active:
                for code in vehicle._get_identity_codes():
                    same |= by_code.get(code, same)
            vehicle.duplicate_ids = same - vehicle._origin
            vehicle.duplicate_hint = vehicle._get_duplicate_hint()

    def _get_identity_codes(self):
        """What a vehicle is recognised by: pairs of field name and value."""
        self.ensure_one()
        return [
            (name, self[name])
            for name in ("plate_normalized", "vin_normalized")
            if self[name]
        ]

    def _get_duplicates_by_code(self):
        """Active customers' vehicles that share a plate or VIN with these.

        :return: dict of (field name, value) to fleet.vehicle records
        """
        codes = {code for vehicle in self for code in vehicle._get_identity_codes()}
        result = {}
        for name in ("plate_normalized", "vin_normalized"):
            values = [value for field, value in codes if field == name]
            if not values:
                continue
            domain = Domain(name, "in", values) & self._get_customer_domain()
            for vehicle in self.search(domain, order="id"):
                key = (name, vehicle[name])
                result[key] = result.get(key, self.browse()) | vehicle
        return result

    def _get_duplicate_hint(self):
        """Sentence that names the other vehicles, False when there are none."""
        if not self.duplicate_ids:
            return False
        others = self.duplicate_ids.with_context(vehicle_show_owner=True)
        return self.env._(
            "Already registered: %(vehicles)s",
            vehicles=", ".join(others.mapped("display_name")),
        )

    def action_merge_duplicates(self):
        """Open the wizard with this vehicle and those with the same plate or VIN.

        :return: act_window action
        """
        wizards = self.env["auto.service.vehicle.merge"]
        ids = (self | self.duplicate_ids).ids
        target = wizards._get_best_target(ids)
        wizard = wizards.create({"vehicle_ids": ids, "target_id": target.id})
        return wizard._get_form_action()

    def _merge_into(self, target):
        """Move everything of these vehicles to ``target`` and archive them.

        Whatever points to a vehicle moves: people, readings, work orders,
        recommendations, messages, activities, attachments, and the records of addons
        that this one does not know. Empty fields of ``target`` are filled in; what
        differs is written into its chatter.

        :param target: fleet.vehicle record that stays
        """
        target.ensure_one()
        losers = self - target
        losers._ensure_can_be_merged(target)
        (losers | target).lock_for_update()
        for loser in losers:
            summary = loser._get_merge_summary()
            loser._fill_gaps_of(target)
            loser._hand_over_people(target)
            # The rights to all vehicles have been checked; the records that move may
            # be out of the advisor's reach (invoices, attachments of other people).
            loser.sudo()._move_references(target.sudo())
            loser.action_archive()
            target._message_log(body=summary)
            loser._message_log(
                body=self.env._(
                    "Merged into %(vehicle)s, which has all records of this vehicle.",
                    vehicle=target.display_name,
                )
            )

    def _ensure_can_be_merged(self, target):
        """Refuse what must not be put together, naming the vehicles."""
        vehicles = self | target
        vehicles.check_access("write")
        names = ", ".join(vehicles.mapped("display_name"))
        if len(vehicles) < 2:
            raise UserError(self.env._("Choose at least two vehicles to merge."))
        if not all(vehicles.mapped("is_customer_vehicle")):
            raise UserError(
                self.env._(
                    "Only customers' vehicles can be merged, not the company's own: "
                    "%(vehicles)s.",
                    vehicles=names,
                )
            )
        if len(vehicles.company_id) > 1:
            raise UserError(
                self.env._(
                    "%(vehicles)s belong to different companies; set one company, or "
                    "none, on all of them first.",
                    vehicles=names,
                )
            )

    def _get_merge_summary(self):
        """What the vehicle was, for the chatter of the one that stays.

        :return: translated text
        """
        self.ensure_one()
        labels = self.fields_get(self._get_merge_field_names(), ["string"])
        values = [
            f"{label['string']}: {self._get_merge_text(name)}"
            for name, label in labels.items()
            if self[name]
        ]
        return self.env._(
            "Merged with %(vehicle)s. Its data: %(values)s.",
            vehicle=self.display_name,
            values="; ".join(values),
        )

    def _get_merge_text(self, name):
        """Value of a field as text."""
        field = self._fields[name]
        value = self[name]
        if field.relational:
            return ", ".join(value.mapped("display_name"))
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, value)
        return str(value)

    @api.model
    def _get_merge_field_names(self):
        """Fields that are taken over where the vehicle that stays has none.

        Override to add the fields of another addon.

        :return: list of field names
        """
        return [
            "license_plate",
            "vin_sn",
            "model_id",
            "owner_id",
            "payer_id",
            "first_registration_date",
            "build_year",
            "engine_code",
            "ktype",
            "fuel_type",
            "transmission",
            "power",
            "color",
            "tag_ids",
            "description",
        ]

    def _fill_gaps_of(self, target):
        """Give ``target`` the values that it lacks; people move with their rows."""
        self.ensure_one()
        values = {
            name: self._fields[name].convert_to_write(self[name], self)
            for name in self._get_merge_field_names()
            if name not in ("owner_id", "payer_id", "tag_ids", "model_id")
            and self[name]
            and not target[name]
        }
        unknown = self._get_unknown_model()
        if target.model_id == unknown and self.model_id != unknown:
            values["model_id"] = self.model_id.id
        if new_tags := self.tag_ids - target.tag_ids:
            values["tag_ids"] = [Command.link(tag.id) for tag in new_tags]
        if values:
            target.write(values)

    def _hand_over_people(self, target):
        """End the present owner and payer where ``target`` has its own."""
        self.ensure_one()
        taken = target.person_ids.filtered(lambda person: not person.date_to)
        roles = set(taken.mapped("role")) & {"owner", "payer"}
        ending = self.person_ids.filtered(
            lambda person: not person.date_to and person.role in roles
        )
        ending._close(fields.Date.context_today(self))

    def _move_references(self, target):
        """Point everything that refers to this vehicle to ``target``.

        Works on the tables, because closed orders and posted entries refuse a write;
        computed fields that depend on the vehicle are brought up to date.
        """
        self.ensure_one()
        self.env.flush_all()
        moved = [
            (model, field.name, self._move_reference(model, field, target))
            for model in self._get_referring_models()
            for field in model._fields.values()
            if field.store
        ]
        target.message_subscribe(self.message_partner_ids.ids)
        self.env.invalidate_all()
        for model, name, ids in moved:
            if ids and model._fields[name].type == "many2one":
                model.browse(ids).modified([name])
        self.env.flush_all()

    def _get_referring_models(self):
        """Models with a table whose records may point to a vehicle.

        Followers are subscribed anew, because nobody follows twice.

        :return: list of empty recordsets
        """
        models_ = map(self.env.__getitem__, self.env.registry)
        return [
            model
            for model in models_
            if model._auto
            and not model._abstract
            and not model._transient
            and model._name != "mail.followers"
        ]

    def _move_reference(self, model, field, target):
        """Move the values of one stored field.

        :param model: empty recordset of the referring model
        :param field: one of its fields
        :param target: fleet.vehicle record that stays
        :return: ids of the moved records
        """
        if field.type == "many2many":
            self._move_many2many(model, field, target)
            return []
        condition = self._get_reference_condition(model, field)
        if not condition:
            return []
        value = target.id
        if field.type == "reference":
            value = f"{self._name},{target.id}"
        rows = self.env.execute_query(
            SQL(
                "UPDATE %(table)s SET %(column)s = %(value)s "
                "WHERE %(condition)s RETURNING id",
                table=SQL.identifier(model._table),
                column=SQL.identifier(field.name),
                value=value,
                condition=condition,
            )
        )
        return [row_id for (row_id,) in rows]

    def _get_reference_condition(self, model, field):
        """SQL condition of the rows whose ``field`` points to this vehicle.

        :return: SQL, None when the field cannot point to a vehicle
        """
        column = SQL.identifier(field.name)
        if field.company_dependent:
            return None
        if field.type == "many2one" and field.comodel_name == self._name:
            return SQL("%s = %s", column, self.id)
        if field.type == "reference":
            return SQL("%s = %s", column, f"{self._name},{self.id}")
        if field.type != "many2one_reference" or not field.model_field:
            return None
        if not model._fields[field.model_field].store:
            return None
        condition = SQL(
            "%s = %s AND %s = %s",
            column,
            self.id,
            SQL.identifier(field.model_field),
            self._name,
        )
        return SQL("%s%s", condition, self._get_reference_exception(model))

    @api.model
    def _get_reference_exception(self, model):
        """Rows that stay with the merged vehicle: its pictures, its own records of
        demo data and modules.

        :return: SQL that continues a condition
        """
        if model._name == "ir.attachment":
            return SQL(" AND res_field IS NULL")
        if model._name == "ir.model.data":
            return SQL(" AND module IN ('__import__', '__export__')")
        return SQL("")

    def _move_many2many(self, model, field, target):
        """Move the links of a many2many field to vehicles, without doubling any."""
        if field.comodel_name != self._name or not field.relation:
            return
        self.env.execute_query(
            SQL(
                """
                WITH moved AS (
                    DELETE FROM %(table)s WHERE %(vehicle)s = %(old)s
                    RETURNING %(record)s AS record_id
                )
                INSERT INTO %(table)s (%(record)s, %(vehicle)s)
                SELECT record_id, %(new)s FROM moved
                ON CONFLICT DO NOTHING
                """,
                table=SQL.identifier(field.relation),
                vehicle=SQL.identifier(field.column2),
                record=SQL.identifier(field.column1),
                old=self.id,
                new=target.id,
            )
        )
