"""Start the server: ``python -m fake_abcp --port 8100`` in the folder ``tests``."""

import argparse
import os
import sys
import threading
from pathlib import Path

if not __package__:  # started as ``python tests/fake_abcp``
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fake_abcp.server import serve


def main():
    parser = argparse.ArgumentParser(prog="fake_abcp", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8100, help="0 takes a free one")
    parser.add_argument("--cert", help="certificate (PEM); then the server speaks TLS")
    parser.add_argument("--key", help="key of the certificate (PEM)")
    parser.add_argument(
        "--until-eof",
        action="store_true",
        help="end with the process that started it, however that ends",
    )
    options = parser.parse_args()
    if options.until_eof:
        threading.Thread(target=end_with_parent, daemon=True).start()
    serve(options.host, options.port, options.cert, options.key)


def end_with_parent():
    """Standard input is a pipe that nobody writes to; it ends with its other side."""
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
