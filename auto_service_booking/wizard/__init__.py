from . import auto_service_absence
from . import auto_service_board_setup
from . import auto_service_board_setup_line
from . import auto_service_booking_cancel
from . import auto_service_event_plan
from . import auto_service_replan_apply
from . import auto_service_replan_apply_line
from . import auto_service_replan_apply_option
