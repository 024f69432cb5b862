from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import email_normalize

from ..tools.plate import fold, normalize_plate, only_digits
from .fleet_vehicle import FIRST_YEAR

OWNER_FIELDS = ("import_owner_name", "import_owner_phone", "import_owner_email")
MODEL_FIELDS = ("import_make", "import_model")
#: Columns that people name like this hold a text, not a record that exists already.
COLUMN_ALIASES = {
    "owner_id": "import_owner_name",
    "brand_id": "import_make",
    "model_id": "import_model",
    "odometer": "last_odometer",
    "import_vin": "vin_sn",
}
#: A phone number with fewer digits is a slip of the column.
MIN_PHONE_DIGITS = 5


class FleetVehicle(models.Model):
    """Import of customers with their vehicles, one line per vehicle.

    The columns of owner, make and model are texts: owners are found or created once
    per name and phone, makes and models once per name. Every row is checked before
    anything is created, in a fixed number of queries per file.
    """

    _inherit = "fleet.vehicle"

    import_owner_name = fields.Char(
        string="Owner Name",
        compute="_compute_import_fields",
        inverse="_inverse_import_fields",
        help="Import: name of the owner, found by name and phone or created.",
    )
    import_owner_phone = fields.Char(
        string="Owner Phone",
        compute="_compute_import_fields",
        inverse="_inverse_import_fields",
        help="Import: phone of the owner.",
    )
    import_owner_email = fields.Char(
        string="Owner E-mail",
        compute="_compute_import_fields",
        inverse="_inverse_import_fields",
        help="Import: e-mail of the owner.",
    )
    import_vin = fields.Char(
        string="VIN",
        compute="_compute_import_fields",
        inverse="_inverse_import_vin",
        help="Import: the VIN, under the name that people give it.",
    )
    import_make = fields.Char(
        string="Make",
        compute="_compute_import_fields",
        inverse="_inverse_import_fields",
        help="Import: make of the vehicle, found by name or created.",
    )
    import_model = fields.Char(
        string="Model Name",
        compute="_compute_import_fields",
        inverse="_inverse_import_fields",
        help="Import: model of the vehicle, found by make and name or created.",
    )

    def _compute_import_fields(self):
        """Nothing is shown, but an export can be read back in."""
        for vehicle in self:
            vehicle.import_owner_name = vehicle.owner_id.name
            vehicle.import_owner_phone = vehicle.owner_id.phone
            vehicle.import_owner_email = vehicle.owner_id.email
            vehicle.import_vin = vehicle.vin_sn
            vehicle.import_make = vehicle.brand_id.name
            vehicle.import_model = vehicle.model_id.name

    def _inverse_import_fields(self):
        """Resolved by ``create`` and ``write`` before the record is written."""

    def _inverse_import_vin(self):
        for vehicle in self:
            vehicle.vin_sn = vehicle.import_vin

    # ------------------------------------------------------------------
    # Resolving texts
    # ------------------------------------------------------------------

    @api.model
    def _resolve_import_values(self, vals_list):
        """Replace the texts of an import by records. Called by create and write.

        :param list vals_list: values, not changed
        :return: list of values for the host
        """
        vals_list = [dict(vals) for vals in vals_list]
        owners = [_pop_texts(vals, OWNER_FIELDS) for vals in vals_list]
        kinds = [_pop_texts(vals, MODEL_FIELDS) for vals in vals_list]
        if any(map(any, owners)):
            records = self._get_import_owners(owners)
            for vals, owner in zip(vals_list, records, strict=True):
                if owner:
                    vals["owner_id"] = owner.id
        if any(map(any, kinds)):
            records = self._get_import_models(kinds)
            for vals, model in zip(vals_list, records, strict=True):
                if model:
                    vals["model_id"] = model.id
        return vals_list

    @api.model
    def _get_import_owners(self, texts):
        """Partners of the rows, created once per name and phone.

        :param list texts: tuples (name, phone, e-mail)
        :return: list of res.partner records, empty where there is no name
        """
        keys = [self._get_owner_key(*text) for text in texts]
        known = self._find_import_owners(keys, {text[0] for text in texts})
        missing = {
            key: text
            for key, text in reversed(list(zip(keys, texts, strict=True)))
            if key and key not in known
        }
        created = self.env["res.partner"].create(
            [self._prepare_import_owner_values(*text) for text in missing.values()]
        )
        known.update(zip(missing, created, strict=True))
        empty = self.env["res.partner"]
        return [known.get(key, empty) for key in keys]

    @api.model
    def _get_owner_key(self, name, phone, email):
        """What makes two rows the same owner: the name with the phone, else with the
        e-mail, else alone.

        :return: tuple, None without name
        """
        if not name:
            return None
        if phone:
            return (fold(name), "phone", self._get_import_phone(phone))
        if email:
            return (fold(name), "email", email_normalize(email) or email)
        return (fold(name), "", "")

    @api.model
    def _get_import_phone(self, phone):
        """Phone number in comparable form."""
        country = self.env.company.country_id
        number = self.env["res.partner"]._phone_format(number=phone, country=country)
        return only_digits(number or phone)

    @api.model
    def _find_import_owners(self, keys, names):
        """Partners that exist already.

        A name alone finds a partner only when no other has the same name.

        :param list keys: keys of the rows, None among them
        :param set names: names as they were written
        :return: dict of key to res.partner record
        """
        wanted = {key for key in keys if key}
        phones = {f"+{value}" for _name, kind, value in wanted if kind == "phone"}
        emails = {value for _name, kind, value in wanted if kind == "email"}
        domain = Domain("phone_sanitized", "in", list(phones))
        domain |= Domain("email_normalized", "in", list(emails))
        if any(not kind for _name, kind, _value in wanted):
            domain |= Domain("name", "in", list(names))
        found, ambiguous = {}, set()
        for partner in self.env["res.partner"].search(domain, order="id desc"):
            for key in self._get_partner_keys(partner):
                if key in found and not key[1]:
                    ambiguous.add(key)
                found[key] = partner
        return {key: partner for key, partner in found.items() if key not in ambiguous}

    @api.model
    def _get_partner_keys(self, partner):
        """Keys under which a partner is found."""
        name = fold(partner.name)
        return [
            (name, "phone", only_digits(partner.phone_sanitized)),
            (name, "email", partner.email_normalized),
            (name, "", ""),
        ]

    @api.model
    def _prepare_import_owner_values(self, name, phone, email):
        """Values of a partner that an import creates.

        :return: dict for ``create``
        """
        return {"name": name, "phone": phone, "email": email}

    @api.model
    def _get_import_models(self, texts):
        """Models of the rows, with their makes, created once per name.

        :param list texts: tuples (make, model)
        :return: list of fleet.vehicle.model records, empty where both are missing
        """
        unknown = self._get_unknown_model()
        brands = self._get_import_brands([make for make, _model in texts])
        keys = [
            (brands.get(fold(make), unknown.brand_id), name or unknown.name)
            if make or name
            else None
            for make, name in texts
        ]
        wanted = self.env["fleet.vehicle.model.brand"].union(
            *(key[0] for key in keys if key)
        )
        models_ = self.env["fleet.vehicle.model"]
        known = {
            (model.brand_id, fold(model.name)): model
            for model in models_.search([("brand_id", "in", wanted.ids)])
        }
        missing = {
            (brand, fold(name)): {"brand_id": brand.id, "name": name}
            for brand, name in filter(None, keys)
            if (brand, fold(name)) not in known
        }
        created = models_.create(list(missing.values()))
        known.update(zip(missing, created, strict=True))
        return [known[key[0], fold(key[1])] if key else models_ for key in keys]

    @api.model
    def _get_import_brands(self, names):
        """Makes by folded name, created where they are missing.

        :param list names: names as they were written, empty ones among them
        :return: dict of folded name to fleet.vehicle.model.brand record
        """
        brand_model = self.env["fleet.vehicle.model.brand"]
        known = {fold(brand.name): brand for brand in brand_model.search([])}
        missing = {
            fold(name): {"name": name}
            for name in names
            if name and fold(name) not in known
        }
        created = brand_model.create(list(missing.values()))
        return known | dict(zip(missing, created, strict=True))

    # ------------------------------------------------------------------
    # Checking the rows
    # ------------------------------------------------------------------

    @api.model
    def load(self, fields, data):
        """Host's import; a file of customers' vehicles is checked row by row first."""
        if not self._uses_workshop_views():
            return super().load(fields, data)
        fields = [COLUMN_ALIASES.get(name, name) for name in fields]
        vehicles = self.with_context(vehicle_import=True)
        return super(FleetVehicle, vehicles).load(fields, data)

    @api.model
    def _convert_records(self, records, *, log=lambda a: None, savepoint):
        converted = super()._convert_records(records, log=log, savepoint=savepoint)
        if not self.env.context.get("vehicle_import"):
            return converted
        return self._check_import_rows(list(converted), log)

    @api.model
    def _check_import_rows(self, rows, log):
        """Report the bad rows and hand on the good ones.

        A bad row stops the whole import: the host rolls back what it has created.

        :param list rows: tuples (id, external id, values, position in the file)
        :param log: function that takes a message of the host's import
        :return: generator of the good rows
        """
        seen = {}
        registered = self._get_registered_codes([row[2] for row in rows])
        for row_id, xml_id, values, info in rows:
            is_update = bool(row_id or xml_id)
            errors = list(self._get_import_errors(values))
            errors += self._get_code_errors(
                values, seen, {} if is_update else registered
            )
            for field, message in errors:
                log(dict(info, type="error", field=field, message=message))
            if not errors:
                yield row_id, xml_id, values, info

    @api.model
    def _get_registered_codes(self, vals_list):
        """Plates and VINs of the file that are registered already.

        :return: dict of (field name, code) to fleet.vehicle record
        """
        vehicles = self.browse()
        for column, field in self._get_code_columns().items():
            codes = {normalize_plate(vals.get(column)) for vals in vals_list} - {""}
            domain = Domain(field, "in", list(codes)) & self._get_customer_domain()
            vehicles |= self.search(domain)
        return {
            code: vehicle
            for vehicle in vehicles
            for code in vehicle._get_identity_codes()
        }

    @api.model
    def _get_code_columns(self):
        """Columns that identify a vehicle, with the fields that hold their codes."""
        return {"license_plate": "plate_normalized", "vin_sn": "vin_normalized"}

    @api.model
    def _get_code_errors(self, values, seen, registered):
        """Errors of a row whose plate or VIN occurs twice.

        :param dict values: converted values of the row
        :param dict seen: codes of the rows above; the row's codes are added
        :param dict registered: codes that are in the database
        :return: list of pairs (field name, message)
        """
        errors = []
        for column, field in self._get_code_columns().items():
            text = values.get(column)
            code = (field, normalize_plate(text))
            if not code[1]:
                continue
            if code in registered:
                message = self.env._(
                    "%(code)s is registered already (%(vehicle)s): leave this row out.",
                    code=text,
                    vehicle=registered[code].display_name,
                )
                errors.append((column, message))
            elif code in seen:
                message = self.env._(
                    "%(code)s occurs twice in the file, first as “%(first)s”: keep one "
                    "row.",
                    code=text,
                    first=seen[code],
                )
                errors.append((column, message))
            seen.setdefault(code, text)
        return errors

    @api.model
    def _get_import_errors(self, values):
        """What is wrong with the values of one row; override to add checks.

        :param dict values: converted values of the row
        :return: generator of pairs (field name, message)
        """
        is_known = values.get("id") or values.get(".id")
        codes = map(
            normalize_plate, (values.get("license_plate"), values.get("vin_sn"))
        )
        if not is_known and not any(codes):
            yield (
                "license_plate",
                self.env._("Neither licence plate nor VIN: enter one of them."),
            )
        yield from self._get_import_owner_errors(values)
        yield from self._get_import_number_errors(values)

    @api.model
    def _get_import_owner_errors(self, values):
        """Errors in the columns of the owner."""
        name, phone, email = (values.get(field) for field in OWNER_FIELDS)
        if (phone or email) and not name:
            yield (
                "import_owner_name",
                self.env._("Phone or e-mail without the owner's name: enter the name."),
            )
        if phone and len(only_digits(phone)) < MIN_PHONE_DIGITS:
            yield (
                "import_owner_phone",
                self.env._(
                    "“%(phone)s” is not a phone number: correct it or leave it empty.",
                    phone=phone,
                ),
            )
        if email and not email_normalize(email):
            yield (
                "import_owner_email",
                self.env._(
                    "“%(email)s” is not an e-mail address: correct it or leave it "
                    "empty.",
                    email=email,
                ),
            )

    @api.model
    def _get_import_number_errors(self, values):
        """Errors in year, odometer and first registration."""
        today = fields.Date.context_today(self)
        year = values.get("build_year")
        if year and not FIRST_YEAR <= year <= today.year + 1:
            yield (
                "build_year",
                self.env._(
                    "The year %(year)s must lie between %(first)s and %(last)s.",
                    year=year,
                    first=FIRST_YEAR,
                    last=today.year + 1,
                ),
            )
        if (values.get("last_odometer") or 0) < 0:
            yield ("last_odometer", self.env._("The odometer cannot be below zero."))
        date = fields.Date.to_date(values.get("first_registration_date") or None)
        if date and date > today:
            yield (
                "first_registration_date",
                self.env._("The first registration lies in the future."),
            )

    @api.model
    def get_import_templates(self):
        """Sample files of the garage; the fleet app's people get their own."""
        if not self._uses_workshop_views():
            return super().get_import_templates()
        return [
            {
                "label": self.env._("Customers with Vehicles (XLSX)"),
                "template": "/auto_service_base/static/import/customer_vehicles.xlsx",
            },
            {
                "label": self.env._("Customers with Vehicles (CSV)"),
                "template": "/auto_service_base/static/import/customer_vehicles.csv",
            },
        ]


def _pop_texts(vals, names):
    """Take texts out of values.

    :return: tuple of stripped strings, empty where there is none
    """
    return tuple(str(vals.pop(name, None) or "").strip() for name in names)
