from . import portal_estimate
from . import portal_vehicle
