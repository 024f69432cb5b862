from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.part_number import brand_key, number_key

#: What an opener may say about a new enquiry.
LINKS = ("order_id", "job_id", "repeated_id")
RECENT_LIMIT = 12


class AutoServicePartsEnquiry(models.Model):
    """From a number to brands, and from a brand to the first offers."""

    _inherit = "auto.service.parts.enquiry"

    @api.model
    def search_brands(self, number, params=None):
        """Ask for a number: which brands have it.

        What the garage knows itself comes at once. Where there is one brand only the
        enquiry goes on by itself; else it waits for a choice, and ``run_live`` asks the
        suppliers for more brands.

        :param str number: in any spelling
        :param dict params: ``order_id``, ``job_id``, ``with_crosses``, ``repeated_id``,
            ``with_brands`` (all brands, a single one does not go on by itself)
        :return: dict of ``get_enquiry``
        """
        params = params or {}
        values = self._prepare_enquiry_values(number, params)
        company = self.env["res.company"].browse(values["company_id"])
        brands = self._find_local_brands(values["number"], company)
        is_only = len(brands) == 1 and not params.get("with_brands")
        if is_only and not brands[0]["is_unbranded"]:
            return self.start_enquiry({**params, **brands[0], "number": number})
        enquiry = self.create({**values, "state": "brand", "brand_hits": brands})
        enquiry._create_live_sources()
        if not enquiry.source_ids:
            if is_only:
                return self.start_enquiry({**brands[0], "enquiry_id": enquiry.id})
            enquiry._settle_brands()
        return enquiry.get_enquiry()

    @api.model
    def start_enquiry(self, params):
        """Ask for a number of one brand: own stock and price lists answer at once.

        ``run_live`` asks the suppliers then, ``get_progress`` tells what they say.

        :param dict params: ``number``, and ``brand_id`` or ``brand_name``; or
            ``enquiry_id`` of one whose brand was to be chosen; besides ``order_id``,
            ``job_id``, ``with_crosses``, ``repeated_id``, ``part_number``
        :return: dict of ``get_enquiry``
        """
        enquiry = self.browse(params.get("enquiry_id") or []).exists()
        brand = self._prepare_brand_values(params)
        if not enquiry:
            values = self._prepare_enquiry_values(params.get("number"), params)
            enquiry = self.create({**values, **brand})
            enquiry._create_live_sources()
        else:
            enquiry._choose_brand(brand)
        enquiry._ask_local()
        if not enquiry._get_live_sources():
            enquiry._finish()
        return enquiry.get_enquiry()

    @api.model
    def _prepare_enquiry_values(self, number, params):
        """Values of a new enquiry.

        :param str number: as typed
        :param dict params: of ``search_brands``
        """
        number = str(number or "").replace("\x00", "").strip()  # scanners send it
        key = number_key(number)
        if len(key) < 2:
            raise UserError(
                self.env._(
                    "Type the number as it is printed on the part, with two letters or "
                    "digits at least."
                )
            )
        values = {name: params[name] for name in LINKS if params.get(name)}
        if values.get("job_id") and not values.get("order_id"):
            job = self.env["auto.service.job"].browse(values["job_id"])
            values["order_id"] = job.order_id.id
        company = self._get_company(values.get("order_id"))
        return {
            "number": number[:64],
            "number_key": key,
            "company_id": company.id,
            "is_with_crosses": params.get("with_crosses", True),
            **values,
        }

    @api.model
    def _get_company(self, order_id):
        """Company that asks: the one of the visit, else the user's.

        :param int order_id: id of an auto.service.order, or ``None``
        """
        order = self.env["auto.service.order"].browse(order_id or [])
        order.check_access("read")
        return order.company_id or self.env.company

    @api.model
    def _prepare_brand_values(self, params):
        """Values of the brand that was chosen, and of its number.

        :param dict params: ``brand_id``, or ``brand_name`` in any spelling;
            ``part_number`` where a barcode or the like led to another number
        """
        brands = self.env["auto.service.part.brand"]
        name = (params.get("brand_name") or "").strip()
        brand = brands.browse(params.get("brand_id") or brands._resolve(name) or [])
        if not brand and not brand_key(name):
            raise UserError(self.env._("Choose the brand of the part first."))
        values = {"brand_id": brand.id, "brand_name": brand.name or name}
        key = number_key(params.get("part_number"))
        return {**values, "number_key": key} if key else values

    @api.model
    def _find_local_brands(self, number, company):
        """Brands that own stock, price lists and cross references know the number of.

        Own products that have no brand are a choice like a brand.

        :return: list of dicts ``brand_id``, ``brand_name``, ``number``, ``name``,
            ``found_in``, ``offer_count``, ``part_number``, ``is_unbranded``
        """
        finder = self.env["auto.service.part.finder"]
        brands = finder._find_brands(number, company)
        for brand in brands:
            brand["part_number"] = brand["number"]
            brand["is_unbranded"] = not brand["brand_name"]
            brand["brand_name"] = brand["brand_name"] or self.env._("Without brand")
        return brands

    def _choose_brand(self, brand_values):
        """The brand was chosen: ask everybody for its offers."""
        self.ensure_one()
        if self.state == "running" or self.offer_ids:
            raise UserError(
                self.env._(
                    "%(number)s was asked for already. Ask again instead.",
                    number=self.number,
                )
            )
        # The choice may have taken a while; suppliers are asked from now on.
        now = fields.Datetime.now()
        self.sudo().write({**brand_values, "state": "running", "asked_at": now})
        self._get_live_sources()._reset()

    def _settle_brands(self):
        """Everybody was asked for brands: nothing more will come."""
        self.ensure_one()
        if not self.brand_hits:
            self.sudo().state = "done"

    @api.model
    def get_start(self, params=None):
        """What the screen shows before anything is asked.

        :param dict params: ``order_id``, ``job_id``
        :return: dict with ``recent`` numbers, ``work`` (order and jobs), ``rights`` and
            the currency
        """
        params = params or {}
        self.check_access("create")
        job = self.env["auto.service.job"].browse(params.get("job_id") or [])
        order = job.order_id or self.env["auto.service.order"].browse(
            params.get("order_id") or []
        )
        company = order.company_id or self.env.company
        return {
            "recent": self._get_recent(),
            "work": self._describe_work(order, job),
            "rights": self._get_rights(),
            "currency_id": company.currency_id.id,
        }

    @api.model
    def _get_recent(self):
        """Numbers that the user asked for last, each once, the newest first."""
        enquiries = self.search_fetch(
            self._get_recent_domain(),
            ["number", "number_key", "brand_id", "brand_name", "part_name"],
            limit=4 * RECENT_LIMIT,
        )
        recent = {}
        for enquiry in enquiries:
            recent.setdefault(
                (enquiry.number_key, enquiry.brand_name),
                {
                    "number": enquiry.number,
                    "brand_id": enquiry.brand_id.id,
                    "brand_name": enquiry.brand_name,
                    "name": enquiry.part_name or "",
                },
            )
        return list(recent.values())[:RECENT_LIMIT]

    @api.model
    def _get_recent_domain(self):
        """Enquiries whose numbers are shown as the latest ones."""
        return [
            ("user_id", "=", self.env.uid),
            ("company_id", "in", self.env.companies.ids),
            ("brand_name", "!=", False),
        ]
