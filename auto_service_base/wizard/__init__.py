from . import auto_service_catalogue_load
from . import auto_service_order_approve
from . import auto_service_order_cancel
from . import auto_service_order_estimate
from . import auto_service_vehicle_merge
