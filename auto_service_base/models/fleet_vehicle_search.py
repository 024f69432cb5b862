from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.plate import fold, normalize_plate, only_digits

#: Below this length a trigram index cannot find a part in the middle of a word.
TRIGRAM = 3
#: Phone numbers from this length on are also tried without the trunk prefix (0, 8).
TRUNK_LENGTH = 6


class FleetVehicle(models.Model):
    """One box that finds a vehicle by any part of what the customer says."""

    _inherit = "fleet.vehicle"

    search_text = fields.Char(
        compute="_compute_search_text",
        store=True,
        index="trigram",
        export_string_translation=False,
        help="Plate, VIN, and names and phones of the present owner, payer and drivers "
        "in comparable form: one indexed text that answers the search box.",
    )

    @api.depends(
        "plate_normalized",
        "vin_normalized",
        "is_customer_vehicle",
        "person_ids.date_to",
        "person_ids.partner_id.complete_name",
        "person_ids.partner_id.phone",
        "person_ids.partner_id.phone_sanitized",
    )
    def _compute_search_text(self):
        for vehicle in self:
            words = vehicle._get_search_words() if vehicle.is_customer_vehicle else []
            # Each word begins with a blank: short words are found by their beginning.
            words = dict.fromkeys(word for word in words if word)
            vehicle.search_text = f" {' '.join(words)} " if words else False

    def _get_search_words(self):
        """What finds the vehicle; override to add a word of your own.

        :return: list of folded strings
        """
        self.ensure_one()
        people = self.person_ids.filtered(lambda person: not person.date_to).partner_id
        words = [
            (self.plate_normalized or "").lower(),
            (self.vin_normalized or "").lower(),
        ]
        for person in people:
            words.append(fold(person.complete_name))
            words.append(only_digits(person.phone))
            words.append(only_digits(person.phone_sanitized))
        return words

    @api.model
    def _get_search_domain(self, text):
        """Domain of the customers' vehicles that ``text`` may mean.

        All words must occur, or the text without blanks as a whole: "mari 123",
        "123 ABC", "+372 5551 2345" and "О123ОО" all find their vehicle.

        :param str text: what was typed into the box
        :return: Domain
        """
        words = [word for word in fold(text).split() if normalize_plate(word)]
        domain = Domain.AND(self._get_word_domain(word) for word in words)
        # With long words only, the whole would find nothing more, at a higher price.
        if not words or any(len(normalize_plate(word)) < TRIGRAM for word in words):
            whole = self._get_word_domain(normalize_plate(text).lower())
            domain = domain | whole if words else whole
        elif len(words) > 1 and normalize_plate(text).isdecimal():
            domain |= self._get_word_domain(normalize_plate(text))
        return domain & self._get_customer_domain()

    @api.model
    def _get_word_domain(self, word):
        """Domain of the vehicles whose search text contains one word.

        :param str word: folded, without blanks
        :return: Domain, false for a word without letters and digits
        """
        return Domain.OR(
            Domain(
                "search_text",
                "ilike",
                variant if len(variant) >= TRIGRAM else f" {variant}",
            )
            for variant in self._get_word_variants(word)
        )

    @api.model
    def _get_word_variants(self, word):
        """A word as it stands in names, as in plates, and as a local phone number.

        :param str word: folded, without blanks
        :return: set of texts with a letter or digit
        """
        plain = "".join(char for char in word if char not in "%_\\")
        code = normalize_plate(word).lower()
        variants = {code}
        if not (_has_latin(plain) and _has_latin(code, but_not=plain)):
            variants.add(plain)
        if code.isdecimal() and len(code) >= TRUNK_LENGTH and code[0] in "08":
            variants.add(code.lstrip("0") if code[0] == "0" else code[1:])
        return {
            variant for variant in variants if any(char.isalnum() for char in variant)
        }

    @api.model
    def _search_display_name(self, operator, value):
        """Customers' vehicles by any part; the fleet app's vehicles as in the host."""
        user = self.env.user
        if not user.has_group("auto_service_base.group_user"):
            return super()._search_display_name(operator, value)
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        if operator.endswith("like") and not value:
            return super()._search_display_name(operator, value)
        domain = self._get_customer_name_domain(operator, value)
        if self._is_workshop_only():
            return domain
        company = Domain(super()._search_display_name(operator, value))
        return domain | (company & ~self._get_customer_domain())

    @api.model
    def _get_customer_name_domain(self, operator, value):
        """Customers' vehicles for a search on the display name.

        :param str operator: ``in`` for exact codes (import, API), else a ``like``
        :param value: text, or collection of texts
        :return: Domain
        """
        if operator == "in":
            codes = [code for code in map(normalize_plate, value) if code]
            domain = Domain("plate_normalized", "in", codes)
            domain |= Domain("vin_normalized", "in", codes)
            return domain & self._get_customer_domain()
        return self._get_search_domain(value)

    @api.depends(
        "name",
        "license_plate",
        "vin_sn",
        "model_label",
        "owner_id.name",
        "is_customer_vehicle",
    )
    @api.depends_context(
        "formatted_display_name", "vehicle_show_owner", "vehicle_glance"
    )
    def _compute_display_name(self):
        customers = self.filtered("is_customer_vehicle")
        result = super(FleetVehicle, self - customers)._compute_display_name()
        hints = {}
        context = self.env.context
        # Only in the search result: the chosen value in a form stays short.
        is_result = (
            "formatted_display_name" in context or "vehicle_show_owner" in context
        )
        if context.get("vehicle_glance") and is_result:
            hints = customers._get_glance_hints()
        for vehicle in customers:
            vehicle.display_name = vehicle._get_customer_name(hints.get(vehicle.id))
        return result

    def _get_customer_name(self, hints=None):
        """Name of a customer's vehicle: plate, make and model, and in lists the owner.

        :param list hints: short notes from :meth:`_get_glance_hints`
        :return: string
        """
        self.ensure_one()
        context = self.env.context
        formatted = context.get("formatted_display_name")
        name = " · ".join(filter(None, (self._get_code(), self.model_label)))
        details = list(hints or [])
        if formatted or context.get("vehicle_show_owner"):
            # The name of a shared vehicle's owner is shown even when the partner
            # belongs to another company of the user: that is how a car is recognised.
            details.insert(0, self.sudo().owner_id.name)
        details = [detail for detail in details if detail]
        if formatted and details:
            return f"{name}\n--{' · '.join(details)}--"
        return " · ".join([name, *details])

    def _get_code(self):
        """Plate, else VIN, else a word that says that there is none."""
        self.ensure_one()
        return self.license_plate or self.vin_sn or self.env._("No plate")

    @api.model
    @api.readonly
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        vehicles = self.with_context(vehicle_show_owner=True)
        result = super(FleetVehicle, vehicles).name_search(
            name, domain, operator, limit
        )
        if self.env.context.get("vehicle_glance"):
            # The web client reads the formatted names one by one: fill the cache.
            ids = [vehicle_id for vehicle_id, _name in result]
            found = self.with_context(formatted_display_name=True).browse(ids)
            found.mapped("display_name")
        return result

    @api.model
    def name_create(self, name):
        """Typing an unknown plate into a field of the garage enters the vehicle."""
        if not self._uses_workshop_views():
            return super().name_create(name)
        vehicle = self._find_or_create_by_plate(name)
        return vehicle.id, vehicle.display_name

    def _get_glance_hints(self):
        """What the desk must know before it says a word, per vehicle.

        :return: dict of vehicle id to list of short translated notes
        """
        # Technicians see no money.
        sees_money = self.env.user.has_group("auto_service_base.group_advisor")
        unpaid = self.owner_id._get_unpaid_amounts() if sees_money else {}
        currency = self.env.company.currency_id
        hints = {}
        for vehicle in self:
            owner = vehicle.owner_id
            notes = hints[vehicle.id] = []
            if count := vehicle.open_work_order_count:
                notes.append(self.env._("%(count)s in the garage", count=count))
            if amount := unpaid.get(owner.id):
                notes.append(
                    self.env._("%(amount)s unpaid", amount=currency.format(amount))
                )
            if owner.has_conflict:
                notes.append(self.env._("conflict"))
        return hints

    @api.model
    def _find_by_plate(self, plate):
        """Customers' vehicles with this licence plate, however it is written.

        :param str plate: licence plate
        :return: fleet.vehicle records, the newest first; empty when none
        """
        code = normalize_plate(plate)
        if not code:
            return self.browse()
        domain = Domain("plate_normalized", "=", code) & self._get_customer_domain()
        return self.search(domain, order="id desc")

    @api.model
    def _find_or_create_by_plate(self, plate, partner=None, **vals):
        """Vehicle of a call or a quick create, entered when it is new.

        :param str plate: licence plate
        :param partner: res.partner record, owner of a new vehicle or of a known one
            without owner
        :param vals: further values of a new vehicle
        :return: fleet.vehicle record
        """
        if not normalize_plate(plate):
            raise UserError(
                self.env._("Enter a licence plate with at least one letter or digit.")
            )
        vehicle = self._find_by_plate(plate)[:1]
        if not vehicle:
            self.env["auto.service.entry.guard"].sudo()._enter(normalize_plate(plate))
            return self.create(self._prepare_plate_values(plate, partner, vals))
        if partner and not vehicle.owner_id:
            vehicle.owner_id = partner
        return vehicle

    @api.model
    def _prepare_plate_values(self, plate, partner, vals):
        """Values of a vehicle of which only the plate is known.

        :return: dict for ``create``
        """
        values = {"license_plate": plate.strip(), "is_customer_vehicle": True}
        if partner:
            values["owner_id"] = partner.id
        return values | vals


def _has_latin(text, but_not=""):
    """Whether a text has Latin letters, other than those of another text.

    A word of two scripts is a plate typed with the wrong keyboard, never a name.
    """
    return any("a" <= char <= "z" and char not in but_not for char in text)
