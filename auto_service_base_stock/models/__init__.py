from . import auto_service_job
from . import sale_order_line
from . import stock_move
from . import stock_picking
