from . import test_one_state
