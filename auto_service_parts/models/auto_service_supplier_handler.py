from odoo import api, models

from ..tools.supplier_client import SupplierError


class AutoServiceSupplierHandler(models.AbstractModel):
    """What a supplier's system can be asked; one model for each kind of system.

    A handler inherits this model, names itself and makes its client; readme/DEVELOP.md
    shows a whole one.
    """

    _name = "auto.service.supplier.handler"
    _description = "Handler of Supplier Accounts"
    #: Name of the kind of system, shown on the account.
    _handler_label = ""

    @api.model
    def _make_client(self, account):
        """Client of the account; every handler has to have this method.

        It runs where the records are, the client later runs in a thread: it gets plain
        data only, best ``account._get_client_options()``.

        :param account: auto.service.supplier.account record
        :return: SupplierClient
        """
        raise SupplierError("unsupported")

    @api.model
    def _get_account_fields(self):
        """Fields of the account that the handler needs; the others are not shown.

        :return: set of field names; with ``is_ordering`` when orders can be placed
        """
        return {"url", "login", "password", "is_ordering"}

    @api.model
    def _get_client_options(self, account):
        """More plain values for the client than every account has.

        :return: dict
        """
        return {}

    @api.model
    def _seal_password(self, password):
        """The password in the form in which it is kept and sent.

        :param str password: as it was typed
        """
        return password

    @api.model
    def _guess_part_state(self, name):
        """What a status probably means, by its name; people confirm it.

        :param str name: of the status at the supplier
        :return: key of PART_STATES, or False
        """
        name = (name or "").lower().replace("ё", "е")
        for part_state, words in self._get_status_words():
            if any(word in name for word in words):
                return part_state
        return False

    @api.model
    def _get_status_words(self):
        """Parts of names of statuses, the first that is found counts.

        "Arrived" is here with us: "arrived at the supplier's store" is on the way.
        """
        return [
            (
                "refused",
                ("отказ", "отмен", "снят", "аннул", "нет в наличии", "возврат"),
            ),
            ("refused", ("refus", "cancel", "reject", "out of stock", "return")),
            ("arrived", ("выдан", "получен", "вручен", "завершен", "выполнен")),
            ("arrived", ("issued", "received", "handed", "completed", "delivered")),
            ("transit", ("в пути", "отгруж", "отправ", "доставк", "готов", "транзит")),
            ("transit", ("на складе", "поступил", "пришл", "пришел", "собран")),
            (
                "transit",
                ("transit", "shipped", "dispatched", "sent", "ready", "on the"),
            ),
            ("confirmed", ("подтвер", "закуп", "заказан", "в работе", "принят")),
            ("confirmed", ("confirm", "accepted", "purchased", "in work", "ordered")),
            ("ordered", ("нов", "ожида", "обработ", "созда", "провер")),
            ("ordered", ("new", "wait", "pending", "process", "created")),
        ]
