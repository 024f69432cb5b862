import logging
import random
import threading
import time
from datetime import timedelta

from psycopg2.errors import DeadlockDetected, SerializationFailure

from odoo import api, fields, models, modules
from odoo.fields import Domain

from ..tools.part_number import brand_key, number_key

_logger = logging.getLogger(__name__)

#: An enquiry that runs longer than this has lost the process that asked, in seconds.
LOST_AFTER = 120
TRIES = 5
#: What suppliers are asked in each state of the enquiry: methods of SupplierClient.
METHODS = {"brand": "get_brands", "running": "get_offers"}


class AutoServicePartsEnquiry(models.Model):
    """Suppliers that answer live: asked side by side, each answer kept as it comes."""

    _inherit = "auto.service.parts.enquiry"

    def run_live(self):
        """Have all suppliers asked; ``get_progress`` tells what they say.

        A thread asks as soon as this transaction is committed: a supplier that hangs
        keeps no worker of the server from its other users. Nobody has to wait for it,
        and a second call for the same enquiry does nothing. Within tests the call ends
        when all have answered.

        :return: state of the enquiry
        """
        self.ensure_one()
        self.check_access("write")
        if modules.module.current_test:
            self._run_live()
        else:
            self._run_live_after_commit()
        return self.state

    def _run_live_after_commit(self):
        """Start the thread that asks. Should it be lost, ``_settle_lost`` says so."""
        registry, enquiry_id = self.env.registry, self.id
        uid, context = self.env.uid, dict(self.env.context)

        def run():
            threading.current_thread().dbname = registry.db_name
            try:
                with registry.cursor() as cr:
                    enquiries = api.Environment(cr, uid, context)[self._name]
                    enquiries.browse(enquiry_id)._run_live()
            except Exception:
                _logger.exception("Suppliers could not be asked: %s", enquiry_id)

        @self.env.cr.postcommit.add
        def start():
            name = f"enquiry-{enquiry_id}"
            threading.Thread(target=run, name=name, daemon=True).start()

    def _run_live(self):
        """Ask all suppliers and keep each answer at once.

        While the brand is to be chosen they are asked for brands, then for offers. It
        ends when all have answered or their time is over.
        """
        self.ensure_one()
        state = self.state
        if state in METHODS:
            self.env.flush_all()
            sources = self._with_own("_claim_sources", state)
            if sources:
                self._ask_suppliers(state, sources)
                self._with_own("_finish_live", state)
                self.env.invalidate_all()

    def _with_own(self, method, *args):
        """Call ``method`` in a short transaction of its own, committed at the end.

        Whoever is too late, because the user chose a brand or stopped at the same
        moment, tries again and sees it.

        :return: what the method returns, plain data
        """
        for count in range(TRIES):
            try:
                with self.env.registry.cursor() as cr:
                    own = self.with_env(self.env(cr=cr))
                    return getattr(own, method)(*args)
            except (SerializationFailure, DeadlockDetected):
                time.sleep(random.uniform(0.0, 0.02 * 2**count))
        _logger.warning("%s: gave up after %s tries", method, TRIES)
        return None

    def _claim_sources(self, state):
        """Suppliers that nobody has asked yet; they are ours from now on.

        :param str state: of the enquiry, see METHODS
        :return: dict of account id to source id
        """
        if self.state != state:
            return {}
        waiting = self._get_live_sources().filtered(lambda row: row.state == "waiting")
        # Whoever comes second at the same moment finds them locked and goes.
        waiting = waiting.try_lock_for_update(allow_referencing=True)
        waiting.sudo().state = "running"
        return {source.account_id.id: source.id for source in waiting}

    def _get_live_sources(self):
        """Sources that are asked over the net."""
        return self.source_ids.filtered(lambda source: source.kind == "live")

    def _create_live_sources(self):
        """One source for each account that is asked."""
        self.ensure_one()
        accounts = self.env["auto.service.supplier.account"].search(
            self._get_account_domain()
        )
        self.source_ids.sudo().create(
            [
                {
                    "enquiry_id": self.id,
                    "kind": "live",
                    "account_id": account.id,
                    "name": account.name,
                    "sequence": 10 + index,
                }
                for index, account in enumerate(accounts)
            ]
        )

    def _get_account_domain(self):
        """Accounts that are asked: those of the company.

        :return: Domain
        """
        return Domain("company_id", "=", self.company_id.id) & Domain(
            "is_asked", "=", 1
        )

    def _ask_suppliers(self, state, sources):
        """Ask, and keep each answer in a transaction of its own.

        :param str state: of the enquiry, see METHODS
        :param dict sources: account id to source id
        """
        accounts = self.env["auto.service.supplier.account"].browse(sources)
        prepare = getattr(self, f"_prepare_arguments_{state}")
        asks = [
            (account, account.id, METHODS[state], arguments)
            for account, arguments in prepare(accounts)
        ]
        for answer in accounts._ask(asks):
            self._keep_answer(state, sources[answer.account_id], answer)

    def _prepare_arguments_brand(self, accounts):
        """What suppliers are asked while the brand is to be chosen.

        :return: list of pairs of account and arguments
        """
        number = self._get_number_to_ask()
        return [(account, (number,)) for account in accounts]

    def _prepare_arguments_running(self, accounts):
        """What suppliers are asked for offers, the brand in the words of each.

        :return: list of pairs of account and arguments
        """
        aliases = self.env["auto.service.part.brand.alias"].search_fetch(
            [
                ("brand_id", "=", self.brand_id.id),
                ("partner_id", "in", accounts.partner_id.ids),
            ],
            ["name", "partner_id"],
        )
        names = {alias.partner_id: alias.name for alias in aliases}
        number = self._get_number_to_ask()
        return [
            (
                account,
                (
                    number,
                    names.get(account.partner_id, self.brand_name),
                    self.is_with_crosses,
                ),
            )
            for account in accounts
        ]

    def _get_number_to_ask(self):
        """The number as typed; as it is compared where suppliers would not know it.

        They clean dots and blanks away, but no Cyrillic letters that look like Latin
        ones; and where a barcode or the like was typed, it led to another number.
        """
        is_same = number_key(self.number) == self.number_key
        return self.number if is_same and self.number.isascii() else self.number_key

    def _keep_answer(self, state, source_id, answer):
        """Keep an answer; one that cannot be kept does not disturb the others."""
        try:
            self._with_own("_take_answer", state, source_id, answer)
        except Exception:
            _logger.exception("The answer of a supplier could not be kept")
            self._with_own("_fail_source", source_id)

    def _take_answer(self, state, source_id, answer):
        """Keep an answer, if somebody still waits for it."""
        if self.state == state:
            source = self.source_ids.browse(source_id)
            source._take(answer, getattr(self, f"_take_{state}"))

    def _fail_source(self, source_id):
        """The answer came, and could not be kept."""
        self.source_ids.browse(source_id)._fail()

    def _take_running(self, source, plains):
        """Offers of a supplier.

        :param source: auto.service.parts.enquiry.source record
        :param plains: list of PlainOffer
        :return: tuple of how many were kept and a sentence about the others
        """
        places = self._get_places(source.account_id.partner_id)
        rows = []
        left_out = 0
        for plain in plains:
            place = places.get_place(plain)
            if place:
                rows.append((place, source.account_id, plain))
            elif self.is_with_crosses:
                left_out += 1
        self.env["auto.service.parts.offer"]._store(source, rows)
        note = left_out and self.env._(
            "%(count)s of the same number by other brands left out.", count=left_out
        )
        return len(rows), note or ""

    def _take_brand(self, source, hits):
        """Brands that a supplier has the number of.

        :param source: auto.service.parts.enquiry.source record
        :param hits: list of BrandHit
        :return: tuple of how many and an empty sentence
        """
        known = {brand_key(row["brand_name"]): row for row in self.brand_hits or []}
        brands = self.env["auto.service.part.brand"]
        for hit in hits:
            brand_id = brands._resolve(hit.brand, source.account_id.partner_id.id)
            name = brands._get_names().get(brand_id) or hit.brand.strip()
            row = known.setdefault(
                brand_key(name),
                {
                    "brand_id": brand_id,
                    "brand_name": name,
                    "number": hit.number,
                    "name": hit.name,
                    "found_in": [],
                    "offer_count": 0,
                },
            )
            row["name"] = row["name"] or hit.name
            if source.name not in row["found_in"]:
                row["found_in"].append(source.name)
        self.sudo().brand_hits = list(known.values())
        return len(hits), ""

    def _finish_live(self, state):
        """All answers are there, or their time is over."""
        if self.state == state:
            self._get_live_sources()._give_up()
            if state == "brand":
                self._settle_brands()
            else:
                self._finish()

    def _finish(self):
        """Count the offers and name the part."""
        self.ensure_one()
        count = sum(self.source_ids.mapped("offer_count"))
        values = {"offer_count": count}
        if self.state == "running":
            values["state"] = "done"
        self.sudo().write(values)
        self._take_part_name()

    def stop(self, after_offer_id=0):
        """Wait for nobody any more; what came stays.

        :param int after_offer_id: last offer that is known
        :return: dict of ``get_progress``
        """
        for enquiry in self:
            if enquiry.state == "running":
                enquiry.sudo().state = "stopped"
                enquiry._get_live_sources()._give_up()
                enquiry._finish()
        return self.get_progress(after_offer_id)

    def _settle_lost(self):
        """The process that asked is gone: say so instead of waiting for ever."""
        self.ensure_one()
        limit = fields.Datetime.now() - timedelta(seconds=LOST_AFTER)
        if self.state not in METHODS or self.asked_at >= limit:
            return
        self._get_live_sources()._give_up()
        if self.state == "brand":
            self._settle_brands()
        else:
            self._finish()
