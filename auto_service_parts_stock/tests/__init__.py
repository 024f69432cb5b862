from . import test_own_stock
from . import test_part_supply
