from . import test_markup
