import logging

import lxml.html

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.base.models.ir_actions_report import _wkhtml

_logger = logging.getLogger(__name__)

# Millimetres; the layouts leave room for the header of a patched engine, which is
# empty paper when the header is part of the body.
BODY_MARGINS = {
    "data-report-margin-top": "12",
    "data-report-margin-bottom": "12",
    "data-report-header-spacing": "0",
}


class IrActionsReport(models.Model):
    """Documents of the garage with either build of the PDF engine.

    The engine of a Linux distribution prints no header and footer, and one document
    at a time. Then the layout's header becomes the top of the document and its footer
    the end, and several documents follow each other on new pages. With the patched
    build of the official image nothing is touched.
    """

    _inherit = "ir.actions.report"

    def _prints_headers(self):
        """Whether the PDF engine prints headers, footers and several documents.

        Override it when another engine is plugged in.
        """
        return _wkhtml().is_patched_qt

    def _prepare_html(self, html, report_model=False):
        if self._prints_headers():
            return super()._prepare_html(html, report_model=report_model)
        parser = lxml.html.HTMLParser(encoding="utf-8")
        root = lxml.html.fromstring(html, parser=parser)
        articles = root.xpath("//div[contains(concat(' ', @class, ' '), ' article ')]")
        if not self._are_workshop_documents(articles):
            return super()._prepare_html(html, report_model=report_model)
        for article in articles:
            self._take_in_header(article)
        self._chain_articles(articles)
        html = lxml.html.tostring(root, encoding="utf-8")
        result = super()._prepare_html(html, report_model=report_model)
        if result:
            result[-1].update(
                {key: val for key, val in BODY_MARGINS.items() if key not in result[-1]}
            )
        return result

    def _are_workshop_documents(self, articles):
        """Whether all ``articles`` belong to visits of vehicles.

        :param list articles: elements of the rendered report, one a document
        """
        ids_by_model = {}
        for article in articles:
            if not article.get("data-oe-id"):
                return False
            ids = ids_by_model.setdefault(article.get("data-oe-model"), [])
            ids.append(int(article.get("data-oe-id")))
        return bool(ids_by_model) and all(
            self._are_of_visits(model, ids) for model, ids in ids_by_model.items()
        )

    def _are_of_visits(self, model, ids):
        """Whether the records are work orders, or documents of work orders.

        :param str model: name of the model
        :param list ids: ids of the records
        """
        if model == "auto.service.order":
            return True
        if model not in ("sale.order", "account.move"):
            return False
        # Accountants and salespeople print without access to work orders.
        records_sudo = self.env[model].sudo().browse(ids)
        return all(record.work_order_id for record in records_sudo)

    def _take_in_header(self, article):
        """Put the layout's header and footer into the body of the document."""
        for name, siblings, position in (
            ("header", article.itersiblings(preceding=True), 0),
            ("footer", article.itersiblings(), None),
        ):
            node = next(
                (sib for sib in siblings if name in (sib.get("class") or "").split()),
                None,
            )
            if node is None:
                continue
            node.set(
                "class",
                " ".join(
                    f"o_auto_service_{part}" if part == name else part
                    for part in node.get("class").split()
                ),
            )
            self._drop_page_numbers(node)
            if not node.text_content().strip() and not node.xpath(".//img"):
                node.getparent().remove(node)
                continue
            article.insert(len(article) if position is None else position, node)

    def _drop_page_numbers(self, node):
        """Page numbers are filled in by a patched engine only."""
        for counter in node.xpath(".//span[@class='page']"):
            parent = counter.getparent()
            parent.getparent().remove(parent)

    def _chain_articles(self, articles):
        """Make one document of many: the engine takes one at a time."""
        first, *others = articles
        for article in others:
            classes = article.get("class").split()
            classes.remove("article")
            article.set("class", " ".join([*classes, "o_auto_service_next"]))
            article.set("style", "page-break-before: always;")
            first.append(article)

    def _render_qweb_pdf(self, report_ref, res_ids=None, data=None):
        """Where the context says so, a missing document must not lose the rest.

        A signature counts without its document, a mail goes out with its link. The
        empty document is left out by those who post or mail it.
        """
        if not self.env.context.get("auto_service_document_optional"):
            return super()._render_qweb_pdf(report_ref, res_ids=res_ids, data=data)
        try:
            return super()._render_qweb_pdf(report_ref, res_ids=res_ids, data=data)
        except (UserError, OSError) as error:
            _logger.info("Document %s is left out: %s", report_ref, error)
            return b"", "pdf"
