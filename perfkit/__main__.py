"""`python -m perfkit` is the command `perfkit`.

Python puts the folder it runs in before its own modules then; here it comes last, as it does for the command,
so that a file called copy.py or json.py beside the params is nobody's module.
"""

import sys

if not sys.flags.safe_path:
    sys.path.append(sys.path.pop(0))

from perfkit.cli import main

main()
