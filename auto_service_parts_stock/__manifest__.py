{
    "name": "Auto Service: Parts and Stock",
    "summary": "Own stock in every enquiry; bought parts are kept for the car they are for",
    "version": "19.0.1.0.0",
    "category": "Services/Auto Service",
    "license": "LGPL-3",
    "author": "Auto Service for Odoo",
    "website": "https://github.com/auto-service-odoo/auto-service",
    "depends": [
        "auto_service_parts",
        "auto_service_base_purchase",
        "sale_stock",
        "purchase_stock",
    ],
    "auto_install": True,
}
