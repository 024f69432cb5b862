from odoo import api, models

from ..tools.labels import get_check_digit

# Numbers that begin with 2 are for a company's own use. 21, 22 and 23 mean weights,
# discounts and prices at the counter: an own number begins with 20, or 24 to 29.
OWN_RANGES = [(2000000, 2099999), (2400000, 2999999)]


class ProductProduct(models.Model):
    _inherit = "product.product"

    def action_make_barcode(self):
        """Give parts without a barcode one of our own, which nothing else has."""
        self.check_access("write")
        bare = self.filtered(lambda product: not product.barcode)
        barcodes = self._get_free_barcodes(len(bare))
        for product, barcode in zip(bare, barcodes, strict=True):
            product.barcode = barcode
        return True

    @api.model
    def _get_free_barcodes(self, number):
        """Barcodes that no part and no packaging has.

        :param int number: how many
        :return: list of EAN-8, later of letters and figures
        """
        free = []
        while len(free) < number:
            new = [self._get_next_barcode() for _index in range(number - len(free))]
            taken = self._get_taken_barcodes(new)
            free += [code for code in new if code not in taken]
        return free

    @api.model
    def _get_next_barcode(self):
        """Next own number as a barcode; override for numbers of another kind."""
        sequence = self.env["ir.sequence"].sudo()  # not everybody reads sequences
        number = int(sequence.next_by_code("auto.service.product.barcode"))
        for first, last in OWN_RANGES:
            size = last - first + 1
            if number <= size:
                body = str(first + number - 1)
                return body + get_check_digit(body)
            number -= size
        return f"P{number:07d}"

    @api.model
    def _get_taken_barcodes(self, barcodes):
        """Those of the barcodes that something has already, in any company.

        :param list barcodes: candidates
        :return: set
        """
        domain = [("barcode", "in", barcodes)]
        taken = set()
        for name in ("product.product", "product.uom", "stock.location"):
            # archived ones and those of other companies count, too
            model_sudo = self.env[name].sudo().with_context(active_test=False)
            taken.update(model_sudo.search(domain).mapped("barcode"))
        return taken
