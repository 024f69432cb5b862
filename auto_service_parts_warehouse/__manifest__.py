{
    "name": "Auto Service: Parts and Warehouse",
    "summary": "Stock by any number of a part; one state of a part from order to car",
    "version": "19.0.1.0.0",
    "category": "Services/Auto Service",
    "license": "LGPL-3",
    "author": "Auto Service for Odoo",
    "website": "https://github.com/auto-service-odoo/auto-service",
    "depends": ["auto_service_parts_stock", "auto_service_warehouse"],
    "data": ["views/stock_search_views.xml", "views/stock_state_views.xml"],
    "auto_install": True,
}
