from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

MAX_BINS = 1000


class AutoServiceBinMaker(models.TransientModel):
    """Makes all addresses of racks at once: A-01-01 to C-10-05."""

    _name = "auto.service.bin.maker"
    _description = "Make Bins"

    location_id = fields.Many2one(
        "stock.location",
        string="In",
        required=True,
        domain=[("usage", "=", "internal")],
        default=lambda self: self._get_default_location(),
        help="Place that the bins are in.",
    )
    rack_from = fields.Char(
        string="From rack",
        required=True,
        default="A",
        help="A letter or a number: racks A to C, or 1 to 12.",
    )
    rack_to = fields.Char(
        string="To rack", required=True, default="A", help="Last rack."
    )
    level_from = fields.Integer(string="From level", default=1, help="Lowest level.")
    level_to = fields.Integer(
        string="To level", default=5, help="Highest level; 0: racks without levels."
    )
    place_from = fields.Integer(
        string="From bin", default=1, help="First bin of a level."
    )
    place_to = fields.Integer(string="To bin", default=10, help="Last bin of a level.")
    separator = fields.Char(default="-", help="What stands between the parts.")
    digits = fields.Integer(
        default=2, help="Figures of numbers, so that 02 comes before 10."
    )
    is_rack_place = fields.Boolean(
        string="Every rack is a place",
        default=True,
        help="The bins of a rack lie in a place of the rack's name: a whole rack can "
        "be counted or looked at.",
    )
    storage_category_id = fields.Many2one(
        "stock.storage.category",
        string="Storage kind",
        help="Storage category of the host: how much fits into such a bin.",
    )
    preview = fields.Char(
        compute="_compute_preview", help="First and last address, and their number."
    )
    is_switched_on = fields.Boolean(
        compute="_compute_is_switched_on",
        help="Storage locations are switched on in the settings.",
    )

    @api.model
    def _get_default_location(self):
        warehouse = self.env.user._get_default_warehouse_id()
        return warehouse.lot_stock_id

    def _compute_is_switched_on(self):
        group = self.env.ref("stock.group_stock_multi_locations")
        user_group = self.env.ref("base.group_user").sudo()  # settings of everybody
        self.is_switched_on = group in user_group.all_implied_ids

    @api.depends(
        "rack_from",
        "rack_to",
        "level_from",
        "level_to",
        "place_from",
        "place_to",
        "separator",
        "digits",
    )
    def _compute_preview(self):
        for record in self:
            try:
                addresses = record._get_addresses()
            except UserError as error:
                record.preview = str(error)
                continue
            record.preview = record.env._(
                "%(first)s … %(last)s: %(number)s bins",
                first=addresses[0][1],
                last=addresses[-1][1],
                number=len(addresses),
            )

    def _get_addresses(self):
        """Addresses of the bins.

        :return: list of pairs of rack and address
        :raise UserError: when there are none, or too many
        """
        self.ensure_one()
        racks = self._get_racks()
        levels = self._get_numbers(self.level_from, self.level_to)
        places = self._get_numbers(self.place_from, self.place_to)
        number = len(racks) * len(levels) * len(places)
        if not 0 < number <= MAX_BINS:
            raise UserError(
                self.env._(
                    "These would be %(number)s bins. Make between 1 and %(most)s at "
                    "once: “to” comes after “from”.",
                    number=number,
                    most=MAX_BINS,
                )
            )
        return [
            (rack, self._join(rack, level, place))
            for rack in racks
            for level in levels
            for place in places
        ]

    def _get_racks(self):
        """Names of the racks: letters A to Z, or numbers."""
        first = (self.rack_from or "").strip().upper()
        last = (self.rack_to or "").strip().upper() or first
        if first.isdecimal() and last.isdecimal():
            racks = self._get_numbers(int(first), int(last), width=len(first))
        elif len(first) == len(last) == 1 and first.isalpha() and last.isalpha():
            racks = [chr(code) for code in range(ord(first), ord(last) + 1)][:MAX_BINS]
        elif first == last:
            racks = [first] if first else []
        else:
            racks = []
        return racks

    def _get_numbers(self, first, last, width=None):
        """Numbers with leading zeros; one empty text where there is no last number."""
        if not last:
            return [""]
        if last - first > MAX_BINS:
            return [""] * (last - first)  # too many: the caller says so
        width = self.digits if width is None else width
        return [str(number).zfill(width) for number in range(max(first, 0), last + 1)]

    def _join(self, *parts):
        return (self.separator or "").join(filter(None, parts))

    def action_make(self):
        """Make the bins that are not there yet, and say how many."""
        self.ensure_one()
        self._check_role()
        self._ensure_internal()
        said = self._switch_on()
        addresses = self._get_addresses()
        # Two people make the same rack: the second one finds it there.
        self.env["auto.service.entry.guard"].sudo()._enter(
            f"bins {self.location_id.id}"
        )
        racks = self._get_or_create_racks(addresses)
        made = self._create_bins(addresses, racks)
        return self._prepare_notification(made, len(addresses) - len(made), said)

    def _check_role(self):
        if not self.env.su and not self.env.user.has_group(
            "auto_service_base.group_parts"
        ):
            raise AccessError(self.env._("Bins are made by the parts desk."))

    def _ensure_internal(self):
        if self.location_id.usage != "internal":
            raise UserError(
                self.env._(
                    "%(place)s is no shelf of yours. Choose a place inside a "
                    "warehouse, e.g. its stock.",
                    place=self.location_id.display_name,
                )
            )

    def _switch_on(self):
        """Switch the host's storage locations on, which is for everybody.

        :return: sentence, False when they are on already
        """
        if self.is_switched_on:
            return False
        if not self.env.user.has_group("auto_service_base.group_manager"):
            raise UserError(
                self.env._(
                    "Storage locations are switched off. A manager makes the first "
                    "bins, or switches them on in the settings of Inventory."
                )
            )
        self._execute_setting()
        return self.env._("Storage locations are switched on from now on.")

    def _execute_setting(self):
        """What the settings page of Inventory does when the box is ticked."""
        # The box changes groups and views, which is for administrators otherwise.
        settings_root = self.env["res.config.settings"].with_user(
            self.env.ref("base.user_root")
        )
        settings_root.create({"group_stock_multi_locations": True}).execute()

    def _get_or_create_racks(self, addresses):
        """Places of the racks.

        :return: dict of rack to stock.location record
        """
        names = dict.fromkeys(rack for rack, _address in addresses)
        if not self.is_rack_place:
            return dict.fromkeys(names, self.location_id)
        there = self._find_places(self.location_id, names)
        found = {place.name: place for place in there}
        missing = [name for name in names if name not in found]
        made = self._create_places([(self.location_id, name) for name in missing])
        return found | {place.name: place for place in made}

    def _find_places(self, parents, names):
        """Places of these names that are there, archived ones too."""
        domain = Domain("location_id", "in", parents.ids)
        domain &= Domain("name", "in", list(names))
        return self.location_id.with_context(active_test=False).search(domain)

    def _create_bins(self, addresses, racks):
        """Make what is missing.

        :return: stock.location records that are new
        """
        parents = self.location_id.union(*racks.values())
        there = self._find_places(parents, [address for _rack, address in addresses])
        taken = set(there.mapped("name"))
        return self._create_places(
            [
                (racks[rack], address)
                for rack, address in addresses
                if address not in taken
            ],
            storage_category_id=self.storage_category_id.id,
        )

    def _create_places(self, places, **values):
        """Make places with barcodes that nothing else has.

        :param list places: pairs of parent and name
        """
        barcodes = self._get_free_barcodes([name for _parent, name in places])
        # Bins are the business of the parts desk; all other places are not.
        return self.location_id.sudo().create(
            [
                {
                    "name": name,
                    "location_id": parent.id,
                    "usage": "internal",
                    "company_id": self.location_id.company_id.id,
                    "barcode": barcode,
                    **values,
                }
                for (parent, name), barcode in zip(places, barcodes, strict=True)
            ]
        )

    def _get_free_barcodes(self, names):
        """Barcodes for new places: the address, with the warehouse where it is taken.

        :return: list in the order of ``names``
        """
        code = self.location_id.warehouse_id.code or str(self.location_id.id)
        pairs = [(name, f"{code}-{name}") for name in names]
        domain = Domain("company_id", "=", self.location_id.company_id.id)
        domain &= Domain("barcode", "in", [code for pair in pairs for code in pair])
        places_sudo = self.location_id.sudo().with_context(active_test=False)
        taken = set(places_sudo.search(domain).mapped("barcode"))
        return [
            next(
                (code for code in pair if code not in taken),
                f"{pair[1]}-{self.location_id.id}",
            )
            for pair in pairs
        ]

    def _prepare_notification(self, made, skipped, said):
        """Tell what was made, and show the bins."""
        sentences = [self.env._("%(number)s bins are made.", number=len(made))]
        if skipped:
            sentences.append(
                self.env._("%(number)s were there already.", number=skipped)
            )
        sentences.append(said)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if made else "info",
                "message": " ".join(filter(None, sentences)),
                "next": self._get_next_action(made),
            },
        }

    def _get_next_action(self, made):
        if not made:
            return {"type": "ir.actions.act_window_close"}
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "auto_service_warehouse.stock_location_action_bin"
        )
        action["domain"] = [("id", "in", made.ids)]
        action["target"] = "main"
        return action
