from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools.misc import get_lang

from ..tools.board_clock import BoardClock

SCALE_DAYS = {"day": 1, "week": 7}
BOARD_GROUP = "auto_service_base.group_advisor"
ROLE_MODELS = {
    "bay": "auto.service.bay",
    "technician": "auto.service.technician",
    "equipment": "auto.service.equipment",
    "courtesy_car": "auto.service.courtesy.car",
}


class AutoServicePlanner(models.AbstractModel):
    """What the bay board shows: one request for a day or a week of a branch.

    All resources come at once, whatever is shown first, so that the axes swap without
    asking again. Times are minutes of the wall clock, see ``BoardClock``.
    """

    _inherit = "auto.service.planner"

    @api.model
    @api.readonly
    def get_board(self, params):
        """A day or a week of the board.

        :param dict params: ``scale`` day or week, ``date`` (ISO, any day of it),
            ``company_id``, ``wall`` (True: nothing that tells who the customers are)
        :return: dict, see the keys below; ``blocks`` are lists of ``block_fields``
        """
        self._check_board_access()
        company = self._get_board_company(params.get("company_id"))
        days = SCALE_DAYS[params["scale"]]
        clock = self._get_board_clock(company, params.get("date"), days)
        rows = self._get_board_resources(company, bool(params.get("wall")))
        window = {
            "company_id": company.id,
            "first": fields.Date.to_string(clock.first),
            "days": days,
            "wall": bool(params.get("wall")),
        }
        return {
            "window": window,
            "rows": rows,
            **self._get_board_work([row["id"] for row in rows], clock, days),
            **self._get_board_settings(company, clock),
            **self._get_board_catalogue(company, rows),
            **self._get_board_blocks(window, clock, [row["id"] for row in rows]),
        }

    @api.model
    def _check_board_access(self, operation="read"):
        """People of the garage see the board; advisors change it."""
        self.env["auto.service.allocation"].check_access(operation)
        self.env["auto.service.booking"].check_access(operation)

    @api.model
    def _get_board_company(self, company_id=None):
        """Branch of the board: one of those that the user works with now."""
        companies = self.env.companies
        if company_id and company_id not in companies.ids:
            raise AccessError(self.env._("You do not work in that branch now."))
        return companies.browse(company_id) if company_id else self.env.company

    @api.model
    def _get_board_clock(self, company, day=None, days=1):
        """Clock of the board that shows ``day``; weeks begin as the user's do."""
        first = fields.Date.to_date(day) or company._get_planning_day()
        if days == SCALE_DAYS["week"]:
            begin = int(get_lang(self.env).week_start)
            first -= timedelta(days=(first.isoweekday() - begin) % 7)
        return BoardClock(first, company._get_planning_tz())

    @api.model
    def _get_window_clock(self, window):
        """Branch and clock of a board that is on somebody's screen."""
        company = self._get_board_company(window["company_id"])
        first = fields.Date.to_date(window["first"])
        return company, BoardClock(first, company._get_planning_tz())

    @api.model
    def _get_board_settings(self, company, clock):
        """What the screen must know of the branch."""
        return {
            "companies": [[branch.id, branch.name] for branch in self.env.companies],
            "slot": int(company.auto_service_slot_minutes),
            "reserve": company.auto_service_reserve_percent,
            "open": self._get_board_opening(company),
            "now": clock.to_minute(fields.Datetime.now()),
            "tz": clock.tz.zone,
            "can_edit": self.env.user.has_group(BOARD_GROUP),
            "can_setup": self.env.user.has_group("auto_service_base.group_manager"),
            "revision": self._get_board_revision(),
        }

    @api.model
    def _get_board_opening(self, company):
        """First and last minute of a day on which the branch is ever open."""
        calendar = company.sudo()._get_opening_calendar()
        [(first, last)] = calendar.attendance_ids._read_group(
            [("calendar_id", "=", calendar.id)],
            aggregates=["hour_from:min", "hour_to:max"],
        )
        return [int((first or 8) * 60), int((last or 18) * 60)]

    # Rows -------------------------------------------------------------------------

    @api.model
    def _get_board_resource_domain(self, company, wall=False):
        """Resources that are rows of the board, empty ones as well.

        :param bool wall: only things: names of people are nobody's business there
        """
        roles = ("bay", "equipment") if wall else tuple(ROLE_MODELS)
        return Domain("auto_service_role", "in", roles) & Domain(
            "company_id", "in", [company.id, False]
        )

    @api.model
    def _get_board_resources(self, company, wall=False):
        """Rows of the board in order, of every role.

        :return: list of dicts
        """
        resources_sudo = self.env["resource.resource"].sudo()  # the garage plans them
        names = [
            "name",
            "auto_service_role",
            "auto_service_kind_id",
            "auto_service_skill_ids",
            "auto_service_skill_level",
            "auto_service_color",
        ]
        return [
            self._prepare_board_row(resource)
            for resource in resources_sudo.search_fetch(
                self._get_board_resource_domain(company, wall),
                names,
                order="auto_service_sequence, name, id",
            )
        ]

    @api.model
    def _prepare_board_row(self, resource):
        """What the screen shows of one row; ``resource`` is a sudo record."""
        return {
            "id": resource.id,
            "name": resource.name,
            "role": resource.auto_service_role,
            "kind": resource.auto_service_kind_id.id,
            "skills": resource.auto_service_skill_ids.ids,
            "level": resource.auto_service_skill_level,
            "color": resource.auto_service_color,
        }

    @api.model
    def _get_board_work(self, resource_ids, clock, days):
        """Working time of the rows. Rows with the same hours share one pattern.

        :return: dict with ``patterns`` (lists of [minute, minute]) and ``work``
            (number of the pattern of each row)
        """
        patterns, work = {}, []
        spans = self._get_work(resource_ids, *clock.get_bounds(days))
        for resource_id in resource_ids:
            key = tuple(
                (clock.to_minute(start), clock.to_minute(stop))
                for start, stop in spans.get(resource_id, ())
            )
            work.append(patterns.setdefault(key, len(patterns)))
        return {"patterns": list(patterns), "work": work}

    @api.model
    def _get_board_catalogue(self, company, rows):
        """Names of what rows and blocks only have numbers of."""
        kinds = self.env["auto.service.resource.kind"].browse(
            {row["kind"] for row in rows if row["kind"]}
        )
        skills = self.env["auto.service.skill"].browse(
            {skill for row in rows for skill in row["skills"]}
        )
        types = self.env["auto.service.booking.type"].search_fetch(
            [("active", "=", True)], ["name", "default_hours", "is_repair", "color"]
        )
        return {
            "kinds": {kind.id: kind.name for kind in kinds},
            "skills": {skill.id: skill.name for skill in skills},
            "types": [
                {
                    "id": kind.id,
                    "name": kind.name,
                    "hours": kind.default_hours,
                    "is_repair": kind.is_repair,
                    "color": kind.color,
                }
                for kind in types
            ],
        }
