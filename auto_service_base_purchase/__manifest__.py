{
    "name": "Auto Service: Purchase",
    "summary": "What is bought for a job is reserved for it when it is received",
    "version": "19.0.1.0.0",
    "category": "Services/Auto Service",
    "license": "LGPL-3",
    "author": "Auto Service for Odoo",
    "website": "https://github.com/auto-service-odoo/auto-service",
    "depends": ["auto_service_base_stock", "sale_purchase_stock"],
    "auto_install": True,
}
