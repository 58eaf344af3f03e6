"""Work out anew what the bundled packs look for, as an installation does: rules/ready.

    python tools/update_ready.py

Nothing depends on it: what is out of date is not used, and the first run takes seconds longer.
"""

from __future__ import annotations

import os

from leakguard import building, packs

if __name__ == "__main__":
    for path in building.build(os.path.join(packs.rules_folder(), packs.READY)):
        print(os.path.relpath(path))
