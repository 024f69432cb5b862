from . import auto_service_booking_cancel
