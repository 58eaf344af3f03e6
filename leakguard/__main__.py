"""`leakguard` and `python -m leakguard`: the short way in.

Plain checks go through the hook's door, which starts without click; all else, and every mistake,
is the command line's. Both ways end in `checking.check` with the same `Asked`.
"""

from __future__ import annotations

import sys

from leakguard import hook
from leakguard.errors import UsageError
from leakguard.light import NoReturn, Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line on `argv` (default: the process's); the exit code."""
    argv = sys.argv[1:] if argv is None else argv
    if argv[:1] == ["check"]:
        try:
            asked = hook.parse(argv[1:])
        except UsageError:
            pass  # click knows more options, and says better what is wrong
        else:
            return hook.run(asked)
    from leakguard import cli

    return cli.main(argv)


def entry() -> NoReturn:
    """The installed command."""
    hook.begin()
    hook.leave(main())


if __name__ == "__main__":
    entry()
