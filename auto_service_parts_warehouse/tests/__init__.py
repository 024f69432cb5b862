from . import test_core_register
from . import test_one_state
