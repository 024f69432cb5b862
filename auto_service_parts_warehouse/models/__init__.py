from . import auto_service_part_balance
from . import auto_service_part_number
from . import auto_service_scan
from . import auto_service_stock_part_search
from . import stock_move
from . import stock_move_line
from . import stock_quant
