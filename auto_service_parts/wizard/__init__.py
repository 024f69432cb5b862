from . import (
    auto_service_part_brand_merge,
    auto_service_parts_order,
    auto_service_parts_order_line,
)
