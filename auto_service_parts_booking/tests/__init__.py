from . import test_board_parts
from . import test_hoot
from . import test_ready_parts
