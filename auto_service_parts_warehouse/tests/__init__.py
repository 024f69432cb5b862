from . import test_core_register
from . import test_one_state
from . import test_stock_by_number
