{
    "name": "Auto Service: Parts and Booking",
    "summary": "When a vehicle can be ready counts the parts that are not here yet",
    "version": "19.0.1.0.0",
    "category": "Services/Auto Service",
    "license": "LGPL-3",
    "author": "Auto Service for Odoo",
    "website": "https://github.com/auto-service-odoo/auto-service",
    "depends": ["auto_service_parts", "auto_service_booking"],
    "assets": {
        "web.assets_backend": ["auto_service_parts_booking/static/src/**/*"],
        "web.assets_unit_tests": ["auto_service_parts_booking/static/tests/unit/**/*"],
    },
    "auto_install": True,
}
