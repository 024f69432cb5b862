from . import auto_service_bin_maker
from . import auto_service_part_return
