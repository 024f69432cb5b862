from . import test_tools_plate
from . import test_tools_vin
from . import test_vehicle_duplicate
from . import test_vehicle_identity
from . import test_vehicle_odometer
from . import test_vehicle_people
from . import test_vehicle_search
