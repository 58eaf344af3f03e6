"""Works out, once for all who install it, what the bundled packs look for.

Without it the first run would: it takes seconds. A pack that is changed later on is read anew.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface[Any]):
    """Writes rules/ready before the wheel, or an editable install, is made."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it looks for files."""
        sys.path.insert(0, self.root)
        from leakguard import building, packs

        building.build(os.path.join(self.root, "rules", packs.READY))
