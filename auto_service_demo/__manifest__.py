{
    "name": "Auto Service: Demo Garage",
    "summary": "A garage in the middle of a working day, removable in one click",
    "version": "19.0.1.0.0",
    "category": "Services/Auto Service",
    "license": "LGPL-3",
    "author": "Auto Service for Odoo",
    "website": "https://github.com/auto-service-odoo/auto-service",
    "depends": [
        "auto_service_base",
        "auto_service_booking",
        "auto_service_parts",
        "auto_service_base_stock",
        "auto_service_parts_stock",
    ],
    "data": [
        "security/ir.model.access.csv",
        "views/auto_service_demo_views.xml",
    ],
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
