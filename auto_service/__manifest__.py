{
    "name": "Auto Service Suite",
    "summary": "Installs the usual set: everything that a garage starts with",
    "version": "19.0.1.3.0",
    "category": "Services/Auto Service",
    "license": "LGPL-3",
    "author": "Auto Service for Odoo",
    "website": "https://github.com/auto-service-odoo/auto-service",
    "depends": [
        "auto_service_base",
        "auto_service_booking",
        "auto_service_parts",
        "auto_service_warehouse",
    ],
    "application": True,
}
