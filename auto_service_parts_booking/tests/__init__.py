from . import test_board_parts
from . import test_ready_parts
