from . import auto_service_authorisation
from . import auto_service_clocking
from . import auto_service_demo_record
from . import auto_service_job
from . import auto_service_order
from . import auto_service_recommendation
from . import sale_order
