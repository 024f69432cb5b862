from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .auto_service_labour_sheet import SheetItem

SEARCH_LIMIT = 40


class AutoServiceOrder(models.Model):
    """What the dialog "Add work" asks: the catalogue, a preview, the lines.

    Hours are floats in hours, ``None`` where no time is known. Amounts are in the
    currency of the estimate, without taxes.
    """

    _inherit = "auto.service.order"

    def get_labour_picker(self):
        """What the dialog shows when it opens.

        :return: dict with the vehicle, its jobs and the filters
        """
        self.ensure_one()
        self.check_access("read")
        vehicle = self.vehicle_id
        categories = self.env["auto.service.operation.category"].search(
            self._get_category_domain()
        )
        return {
            "vehicle": self._describe_vehicle(vehicle),
            "jobs": [
                {"id": job.id, "name": job.name}
                for job in self.job_ids
                if job.state in ("todo", "in_progress", "paused")
                and job.authorisation in ("draft", "pending")
            ],
            "currency_id": self.currency_id.id,
            "categories": [
                {"id": category.id, "name": category.complete_name}
                for category in categories
            ],
            "labour_categories": self._get_choices("labour_category"),
            "kinds": self._get_choices("kind"),
            "coverages": self._get_choices("coverage"),
            "due_count": len(self._get_due_items()),
            "today_warranty": vehicle._is_under_warranty(),
            "job_name": self._get_new_job_name(),
        }

    def _get_new_job_name(self):
        """Name for the first job of the visit: what the customer says.

        :return: text, empty when the visit has jobs already
        """
        complaint = (self.complaint or "").strip().split("\n")[0][:60]
        return "" if self.job_ids else complaint

    def _get_choices(self, name):
        """Keys and labels of a selection field of operations."""
        field = self.env["auto.service.operation"]._fields[name]
        return field._description_selection(self.env)

    def _get_category_domain(self):
        """Categories that the dialog offers as filters."""
        return Domain("active", "=", True)

    def _describe_vehicle(self, vehicle):
        """The vehicle, its type, and which types it might be."""
        kind = vehicle.vehicle_type_id
        sheet = self.env["auto.service.labour.sheet"].sudo()
        return {
            "id": vehicle.id,
            "name": self.vehicle_name or "",
            "plate": vehicle.license_plate or "",
            "type": kind.name or False,
            "candidates": sheet._describe_near(vehicle.sudo()),
        }

    def take_vehicle_type(self, type_id):
        """The vehicle is of this type: it takes over engine, gearbox and the rest.

        :param int type_id: id of an auto.service.vehicle.type
        :return: dict of ``get_labour_picker``
        """
        self.ensure_one()
        vehicle_type = self.env["auto.service.vehicle.type"].browse(type_id).exists()
        if vehicle_type:
            self.vehicle_id._take_type(vehicle_type)
        self.invalidate_recordset()
        return self.get_labour_picker()

    # Search -------------------------------------------------------------------

    def search_labour_catalogue(
        self, text="", tab="fit", filters=None, offset=0, limit=SEARCH_LIMIT
    ):
        """Operations and packages for the vehicle of the visit.

        :param str text: part of a name or code
        :param str tab: ``fit`` (packages that fit, then what is sold most), ``due``
            (scheduled maintenance), ``all`` (operations) or ``package``
        :param dict filters: category_id, labour_category, kind, coverage
        :return: dict with ``items`` and ``total``
        """
        self.ensure_one()
        self.check_access("read")
        search = getattr(self, f"_search_catalogue_{tab}", None)
        if search is None:
            raise UserError(self.env._("There is no list “%(tab)s”.", tab=tab))
        return search((text or "").strip(), filters or {}, offset, limit)

    def _search_catalogue_fit(self, text, filters, offset, limit):
        """Packages that fit first, then operations; the favourites and most sold."""
        domain = self._get_catalogue_domain("auto.service.package", text, filters)
        packages = self._get_fitting_packages(domain)
        page = packages[offset : offset + limit]
        items = self._describe_packages(page)
        domain = self._get_catalogue_domain("auto.service.operation", text, filters)
        operations = self.env["auto.service.operation"]
        if len(page) < limit:
            operations = operations.search(
                domain,
                offset=max(offset - len(packages), 0),
                limit=limit - len(page),
                order="is_favourite desc, sold_count desc, sequence, code, name, id",
            )
        total = len(packages) + self.env["auto.service.operation"].search_count(domain)
        return {"items": items + self._describe_operations(operations), "total": total}

    def _search_catalogue_all(self, text, filters, offset, limit):
        """Operations by name."""
        operation = self.env["auto.service.operation"]
        domain = self._get_catalogue_domain("auto.service.operation", text, filters)
        records = operation.search(
            domain, offset=offset, limit=limit, order="code, name, id"
        )
        return {
            "items": self._describe_operations(records),
            "total": operation.search_count(domain),
        }

    def _search_catalogue_package(self, text, filters, offset, limit):
        """All packages: those that fit first, the others with the reason."""
        domain = self._get_catalogue_domain("auto.service.package", text, filters)
        packages = self.env["auto.service.package"].search(domain)
        fit = packages._get_fit(self.vehicle_id)
        packages = packages.sorted(
            lambda package: (
                not fit[package.id][0],
                -fit[package.id][1],
                not package.is_favourite,
                -package.sold_count,
            )
        )
        page = packages[offset : offset + limit]
        return {"items": self._describe_packages(page, fit), "total": len(packages)}

    def _search_catalogue_due(self, text, filters, offset, limit):
        """Scheduled maintenance that is due, with the reason."""
        rows = [
            row
            for row in self._get_due_items()
            if not text or text.lower() in row["name"].lower()
        ]
        items = []
        for row in rows[offset : offset + limit]:
            item = row["item"]
            described = (
                self._describe_packages(item.package_id)
                if item.package_id
                else self._describe_operations(item.operation_id)
            )
            items += [dict(entry, hint=row["text"]) for entry in described]
        return {"items": items, "total": len(rows)}

    def _get_due_items(self):
        """Maintenance that is due and can be added to the estimate.

        :return: list of dicts of ``fleet.vehicle._get_maintenance_due``
        """
        if not self.vehicle_id:
            return []
        rows = self.vehicle_id._get_maintenance_due()
        return [
            row
            for row in rows
            if row["state"] in ("overdue", "soon")
            and (row["item"].operation_id or row["item"].package_id)
        ]

    def _get_catalogue_domain(self, model, text, filters):
        """Domain of operations or packages for the words and filters of the dialog."""
        companies = self.company_id.sudo().parent_ids  # with itself
        domain = Domain("company_id", "in", [False, *companies.ids])
        for word in text.split():
            domain &= Domain("name", "ilike", word) | Domain("code", "ilike", word)
        for name in ("labour_category", "kind"):
            if filters.get(name) and name in self.env[model]._fields:
                domain &= Domain(name, "=", filters[name])
        if filters.get("coverage"):
            domain &= Domain("coverage", "in", ["any", filters["coverage"]])
        if filters.get("category_id"):
            domain &= Domain("category_id", "child_of", filters["category_id"])
        return domain

    def _get_fitting_packages(self, domain):
        """Packages for the vehicle: the most specific first."""
        packages = self.env["auto.service.package"].search(domain)
        fit = packages._get_fit(self.vehicle_id)
        return packages.filtered(lambda package: fit[package.id][0]).sorted(
            lambda package: (
                -fit[package.id][1],
                not package.is_favourite,
                -package.sold_count,
            )
        )

    def _describe_operations(self, operations):
        """Rows of the catalogue for operations, hours by their labour times."""
        sheet = self.env["auto.service.labour.sheet"].sudo()
        pay_type = self.estimate_id.pay_type or "customer"
        choices = operations._get_labour_times(
            self.vehicle_id, pay_type=pay_type, company=self.company_id
        )
        rows = []
        for operation in operations:
            choice = choices.get(operation.id)
            time = (
                sheet._prepare_time(choice.chosen) if choice and choice.chosen else None
            )
            rows.append(
                {
                    "type": "operation",
                    "id": operation.id,
                    "code": operation.code or "",
                    "name": operation.name,
                    "category": operation.category_id.complete_name or "",
                    "hours": time and time["hours"],
                    "level": time and time["level"],
                    "source_label": sheet._get_time_label(time) if time else False,
                    "is_fixed": operation.pricing == "fixed",
                    "amount": operation.fixed_price
                    if operation.pricing == "fixed"
                    else None,
                    "is_favourite": operation.is_favourite,
                    "sold_count": operation.sold_count,
                    "fits": True,
                    "hint": False,
                }
            )
        return rows

    def _describe_packages(self, packages, fit=None):
        """Rows of the catalogue for packages.

        :param dict fit: of ``auto.service.package._get_fit``; they fit when omitted
        """
        hours = self._get_package_hours(packages)
        return [
            {
                "type": "package",
                "id": package.id,
                "code": package.code or "",
                "name": package.name,
                "category": package.category_id.complete_name or "",
                "hours": hours[package.id],
                "level": False,
                "source_label": False,
                "is_fixed": package.pricing == "fixed",
                "amount": package.fixed_price if package.pricing == "fixed" else None,
                "is_favourite": package.is_favourite,
                "sold_count": package.sold_count,
                "fits": not fit or fit[package.id][0],
                "hint": False
                if not fit or fit[package.id][0]
                else self.env._("Not for this vehicle"),
            }
            for package in packages
        ]

    def _get_package_hours(self, packages):
        """Hours of each package by itself on the vehicle of the visit.

        :return: dict of package id to hours, ``None`` when a time is not known
        """
        types = set(dict(self.vehicle_id._get_matching_types())) if packages else set()
        pay_type = self.estimate_id.pay_type or "customer"
        baskets = {}
        for package in packages:
            lines = package.line_ids.filtered(
                lambda line: line.operation_id
                and (not line.vehicle_type_id or line.vehicle_type_id.id in types)
            )
            baskets[package.id] = [
                SheetItem(line.id, line.operation_id, pay_type) for line in lines
            ]
        order_sudo = self.sudo()
        sheets = order_sudo.env["auto.service.labour.sheet"]._calculate_many(
            order_sudo, baskets
        )
        return {number: self._sum_hours(sheet) for number, sheet in sheets.items()}

    @api.model
    def _sum_hours(self, sheet):
        """Hours of a whole labour sheet, ``None`` when one of them is not known."""
        hours = [row["hours"] for row in sheet["lines"].values()]
        return None if not hours or None in hours else sum(hours)
