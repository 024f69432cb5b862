from . import test_draw
from . import test_issue_return
from . import test_part_balance
from . import test_pick
from . import test_stock_guard
from . import test_stock_state
