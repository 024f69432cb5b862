from . import test_markup
from . import test_offer_estimate
from . import test_offer_product
from . import test_part_need
from . import test_part_finder
from . import test_supplier_ask
