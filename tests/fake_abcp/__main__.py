"""Start the server: ``python -m fake_abcp --port 8100`` in the folder ``tests``."""

import argparse
import sys
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
    options = parser.parse_args()
    serve(options.host, options.port, options.cert, options.key)


if __name__ == "__main__":
    main()
