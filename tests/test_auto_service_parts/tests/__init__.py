from . import test_client
from . import test_enquiry
from . import test_fan_out
from . import test_order
from . import test_scenario
