from . import auto_service_part_finder
from . import auto_service_parts_offer
from . import sale_order_line
from . import stock_picking
