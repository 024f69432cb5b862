from . import auto_service_demo
