from . import test_board_parts_light
from . import test_hoot
from . import test_pick_time
from . import test_ready_stock
