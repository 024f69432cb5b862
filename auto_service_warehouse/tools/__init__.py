from . import stock_scope
from . import stock_turn
