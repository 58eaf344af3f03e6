"""What comes from the user, and never from a repository: git's global settings, and a provider.

A repository may be anybody's. What its own configuration says of keys and commands is not heard.
"""

from __future__ import annotations

import os

from leakguard.ci import PRIVATE
from leakguard.errors import SourceError, quiet
from leakguard.light import Final, Mapping

PROVIDER_VARIABLE: Final = "LEAKGUARD_PROVIDER"
PROVIDER_SETTING: Final = "leakguard.provider"
SECONDS: Final = 5.0
CAP: Final = 64 << 20
_SECTION: Final = "leakguard."


def global_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """What `git config --global` says of leakguard, by the setting's name in lower case.

    A leading `~/` stands for the home folder. Raises `SourceError` when git fails. git is not even
    started when no global configuration can have such a setting.
    """
    if not any(map(_may_say_something, _files(environment))):
        return {}
    from leakguard.sources import git  # which reads what only a run of git needs

    words = ("config", "--global", "--includes", "--type=path", "-z", "--get-regexp")
    listed = git.run(*words, rf"^{_SECTION}", no=b"").decode("utf-8", "surrogateescape")
    pairs = (row.partition("\n") for row in listed.split("\0") if row)
    return {name: value for name, _, value in pairs}


def provider(environment: Mapping[str, str]) -> str:
    """The command that prints a pack, or "": the variable's, else git's global setting."""
    said = environment.get(PROVIDER_VARIABLE, "").strip()
    return said or global_settings(environment).get(PROVIDER_SETTING, "").strip()


def provided(command: str, environment: Mapping[str, str], *, seconds: float = SECONDS) -> bytes:
    """What the provider `command` prints. It is split as a shell would, and run without one.

    It runs in the home folder, without standard input, and without the key of sealed lists. Raises
    `SourceError` when it cannot be found or started, takes longer than `seconds`, exits with
    anything but 0 or prints nothing; its own words are not told, for they may quote the list.
    """
    words = _split(command)
    where = _found(words[0], environment)
    kept = {name: value for name, value in environment.items() if name not in PRIVATE}
    return quiet(lambda: _output([where, *words[1:]], kept, seconds))


# ── settings ─────────────────────────────────────────────────────────────────────────────────────


def _files(environment: Mapping[str, str]) -> list[str]:
    """Where git looks for its global configuration."""
    if "GIT_CONFIG_GLOBAL" in environment:
        return [environment["GIT_CONFIG_GLOBAL"]]
    home = environment.get("HOME", "") or os.path.expanduser("~")
    shelf = environment.get("XDG_CONFIG_HOME", "") or os.path.join(home, ".config")
    return [os.path.join(shelf, "git", "config"), os.path.join(home, ".gitconfig")]


def _may_say_something(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            text = file.read().lower()
    except OSError:
        return False
    return b"leakguard" in text or b"[include" in text


# ── provider ─────────────────────────────────────────────────────────────────────────────────────


def _split(command: str) -> list[str]:
    import shlex

    try:
        words = shlex.split(command, posix=os.name != "nt")
    except ValueError:
        words = []
    if not words:
        raise _failed("its command cannot be understood: a quote is not closed")
    return words


def _found(program: str, environment: Mapping[str, str]) -> str:
    """Where the program lies: never in the current folder, which may be anybody's."""
    import shutil

    program = os.path.expanduser(program)
    if os.path.isabs(program):
        return program
    if os.path.dirname(program):
        raise _failed("its path is relative, and so would be taken from the repository")
    folders = environment.get("PATH", os.defpath).split(os.pathsep)
    found = shutil.which(program, path=os.pathsep.join(filter(os.path.isabs, folders)))
    if found is None or not os.path.isabs(found):
        raise _failed("its program is not found")
    return found


def _output(words: list[str], environment: dict[str, str], seconds: float) -> bytes:
    import subprocess
    from threading import Event, Timer

    home = os.path.expanduser("~")
    try:
        running = subprocess.Popen(
            words,
            env=environment,
            cwd=home if os.path.isdir(home) else os.path.abspath(os.sep),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # so that what it has started ends with it
        )
    except (OSError, ValueError):
        raise _failed("its program cannot be started") from None
    late = Event()

    def end() -> None:
        late.set()
        _kill(running)

    timer = Timer(seconds, end)
    timer.start()
    assert running.stdout is not None
    try:
        data = running.stdout.read(CAP + 1)
        if len(data) > CAP:
            _kill(running)
        code = running.wait()
    finally:
        timer.cancel()
        running.stdout.close()
    if late.is_set():
        raise _failed(f"it took longer than {seconds:g} seconds")
    if len(data) > CAP:
        raise _failed(f"it printed more than {CAP >> 20} MB")
    if code:
        raise _failed(f"it ended with exit code {code}")
    if not data.strip():
        raise _failed("it printed nothing")
    return data


def _kill(running: object) -> None:
    import signal
    import subprocess
    from contextlib import suppress

    assert isinstance(running, subprocess.Popen)
    with suppress(OSError):
        if os.name == "posix":
            os.killpg(running.pid, signal.SIGKILL)
        else:
            running.kill()


def _failed(why: str) -> SourceError:
    return SourceError(
        f"the provider of terms failed: {why}",
        hint=f"run it yourself: it is in {PROVIDER_VARIABLE}, or in git config --global "
        f"{PROVIDER_SETTING}",
    )
