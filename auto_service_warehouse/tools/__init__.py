from . import stock_guarded_scope
from . import stock_scope
from . import stock_turn
