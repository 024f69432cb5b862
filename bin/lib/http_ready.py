"""Exit 0 when the address in the first argument answers with 200."""

import sys
import urllib.request

try:
    with urllib.request.urlopen(sys.argv[1], timeout=2) as response:
        sys.exit(response.status != 200)
except OSError:
    sys.exit(1)
