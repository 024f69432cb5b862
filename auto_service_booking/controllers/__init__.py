from . import booking_link
from . import portal_booking
