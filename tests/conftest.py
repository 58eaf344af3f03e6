"""What all tests share: a calm environment."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

# No deadlines: a shared machine is slow at times, and a slow example is no wrong one.
settings.register_profile("desk", deadline=None)
# On the build server a failure must come from the change, not from the day's random numbers.
settings.register_profile("server", deadline=None, derandomize=True, database=None)
settings.load_profile("server" if os.environ.get("CI") else "desk")

_NOISE = ("CI", "PRE_COMMIT", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "MFLAGS")


@pytest.fixture(scope="session", autouse=True)
def _calm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The same output on a desk, on a build server and inside a git hook."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            # git sets GIT_DIR and GIT_INDEX_FILE for hooks: a test's git would use this checkout.
            # make tells a make below it to print folders.
            if name in _NOISE or name.startswith(("GIT_", "PRE_COMMIT_", "MAKE")):
                patch.delenv(name)
        patch.setenv("LEAKGUARD_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        for role in ("AUTHOR", "COMMITTER"):
            patch.setenv(f"GIT_{role}_NAME", "Test")
            patch.setenv(f"GIT_{role}_EMAIL", "test@example.com")
        yield
