from . import test_demo_garage
from . import test_demo_remove
