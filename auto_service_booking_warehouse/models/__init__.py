from . import auto_service_order
from . import auto_service_order_pick
from . import auto_service_planner
from . import sale_order_line
