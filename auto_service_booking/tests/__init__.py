from . import test_booking
from . import test_link
from . import test_planner
from . import test_planner_work
from . import test_ready_time
