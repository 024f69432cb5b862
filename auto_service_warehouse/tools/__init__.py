from . import stock_scope
