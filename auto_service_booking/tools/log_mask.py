"""Keeps tokens out of the server's log: whoever reads it could use them."""

import logging
import re

TOKEN_IN_PATH = re.compile(r"(/booking/\d+-)[0-9A-Za-z_-]+")
LOGGERS = ("werkzeug", "odoo.http")


def mask(text):
    """``text`` without the secret part of addresses of bookings."""
    return TOKEN_IN_PATH.sub(r"\1***", text)


class TokenMask(logging.Filter):
    """Filter of the loggers that write the addresses of requests."""

    def filter(self, record):
        if isinstance(record.msg, str):
            record.msg = mask(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(
                mask(value) if isinstance(value, str) else value
                for value in record.args
            )
        return True


def install():
    """Mask the log of requests; harmless when called twice."""
    for name in LOGGERS:
        logger = logging.getLogger(name)
        if not any(isinstance(known, TokenMask) for known in logger.filters):
            logger.addFilter(TokenMask())
