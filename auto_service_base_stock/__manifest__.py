{
    "name": "Auto Service: Stock",
    "summary": "Parts of a job are issued from the stock by the host's own moves",
    "version": "19.0.1.0.0",
    "category": "Services/Auto Service",
    "license": "LGPL-3",
    "author": "Auto Service for Odoo",
    "website": "https://github.com/auto-service-odoo/auto-service",
    "depends": ["auto_service_base", "sale_stock"],
    "auto_install": True,
}
