"""`python -m luodi` is the command `luodi`."""

import sys

from luodi.cli import main

sys.exit(main())
