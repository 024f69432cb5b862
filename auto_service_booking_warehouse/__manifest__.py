{
    "name": "Auto Service: Booking and Warehouse",
    "summary": "Whether the parts are ready, on the bay board",
    "version": "19.0.1.0.0",
    "category": "Services/Auto Service",
    "license": "LGPL-3",
    "author": "Auto Service for Odoo",
    "website": "https://github.com/auto-service-odoo/auto-service",
    "depends": ["auto_service_booking", "auto_service_warehouse"],
    "assets": {
        "web.assets_backend": ["auto_service_booking_warehouse/static/src/**/*"],
        "web.assets_unit_tests": [
            "auto_service_booking_warehouse/static/tests/unit/**/*"
        ],
    },
    "auto_install": True,
}
