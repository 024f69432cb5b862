{
    "name": "Auto Service: Parts with a Supplier's Server",
    "summary": "Tests of enquiries and orders over real HTTP",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "license": "LGPL-3",
    "author": "Auto Service for Odoo",
    "website": "https://github.com/auto-service-odoo/auto-service",
    "depends": ["auto_service_parts"],
    "assets": {
        "web.assets_tests": ["test_auto_service_parts/static/tests/tours/**/*"],
    },
}
