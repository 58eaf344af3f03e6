"""Small tools and words of the standard library, without all that they come with.

`typing`, `re`, `enum`, `functools`, `collections`, `contextlib` and `datetime` take longer to
import than `python -c pass` takes as a whole, and a hook uses little of them. What it uses is here:
the very classes where C has them, else a few lines that do the same, and for words that only type
checkers read something that stands in their place. Type checkers see the real ones.

>>> vowels = expression("[aeiou]+")
>>> vowels.sub("-", "queue"), [tuple(found.span()) for found in vowels.finditer("eerie")]
('q-', [(0, 2), (3, 5)])
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    import unicodedata as unicodedata
    from bisect import bisect_left as bisect_left
    from bisect import bisect_right as bisect_right
    from collections import defaultdict as defaultdict
    from collections.abc import Callable as Callable
    from collections.abc import Collection as Collection
    from collections.abc import Container as Container
    from collections.abc import Generator as Generator
    from collections.abc import Hashable as Hashable
    from collections.abc import Iterable as Iterable
    from collections.abc import Iterator as Iterator
    from collections.abc import Mapping as Mapping
    from collections.abc import Sequence as Sequence
    from contextlib import suppress as suppress
    from datetime import UTC as UTC
    from datetime import date as date
    from datetime import datetime as datetime
    from datetime import time as time
    from functools import lru_cache as lru_cache
    from functools import partial as partial
    from functools import wraps as wraps
    from importlib import import_module as import_module
    from operator import itemgetter as itemgetter
    from types import MappingProxyType as MappingProxyType
    from typing import IO as IO
    from typing import Any as Any
    from typing import BinaryIO as BinaryIO
    from typing import Concatenate as Concatenate
    from typing import Final as Final
    from typing import Generic as Generic
    from typing import Literal as Literal
    from typing import NoReturn as NoReturn
    from typing import ParamSpec as ParamSpec
    from typing import Protocol as Protocol
    from typing import TextIO as TextIO
    from typing import TypeVar as TypeVar
    from typing import cast as cast
    from typing import overload as overload

    def expression(pattern: str) -> re.Pattern[str]:
        """`re.compile(pattern)`, done when first used."""
        return re.compile(pattern)

    def byte_expression(pattern: bytes) -> re.Pattern[bytes]:
        """The same for bytes."""
        return re.compile(pattern)

else:
    import _collections_abc as _abstract

    Callable, Collection = _abstract.Callable, _abstract.Collection
    Container, Generator, Hashable = _abstract.Container, _abstract.Generator, _abstract.Hashable
    Iterable, Iterator = _abstract.Iterable, _abstract.Iterator
    Mapping, Sequence = _abstract.Mapping, _abstract.Sequence

    try:
        import _bisect
        import _collections
        import _datetime
        import _functools
        import _operator
    except ImportError:  # another Python than CPython
        import bisect as _bisect
        import collections as _collections
        import datetime as _datetime
        import functools as _functools
        import operator as _operator

        lru_cache = _functools.lru_cache
    else:

        def lru_cache(maxsize):
            """`functools.lru_cache`, of a size."""

            def cached(function):
                made = _functools._lru_cache_wrapper(function, maxsize, False, _figures)
                return wraps(function)(made)

            return cached

        def _figures(*values):
            import functools

            return functools._CacheInfo(*values)

    bisect_left, bisect_right = _bisect.bisect_left, _bisect.bisect_right
    itemgetter = _operator.itemgetter
    defaultdict, partial = _collections.defaultdict, _functools.partial
    date, datetime, time = _datetime.date, _datetime.datetime, _datetime.time
    UTC = _datetime.UTC
    MappingProxyType = type(type.__dict__)

    class suppress:
        """`contextlib.suppress`."""

        def __init__(self, *errors):
            self._errors = errors

        def __enter__(self):
            pass

        def __exit__(self, kind, error, trace):
            return kind is not None and issubclass(kind, self._errors)

    def wraps(wrapped):
        """`functools.wraps`."""

        def dressed(wrapper):
            for name in ("__module__", "__name__", "__qualname__", "__doc__", "__annotations__"):
                setattr(wrapper, name, getattr(wrapped, name))
            wrapper.__dict__.update(wrapped.__dict__)
            wrapper.__wrapped__ = wrapped
            return wrapper

        return dressed

    def import_module(name):
        """`importlib.import_module`, of a full name."""
        __import__(name)
        return sys.modules[name]

    class _Module:
        """A module that is imported when first asked for something."""

        def __init__(self, name):
            self.__name__ = name

        def __getattr__(self, name):
            value = getattr(import_module(self.__name__), name)
            setattr(self, name, value)
            return value

    unicodedata = _Module("unicodedata")

    class _Word:
        """A word of type checkers: whatever is made of it is such a word."""

        def __init__(self, *_, **__):
            pass

        def __getitem__(self, _):
            return self

        def __call__(self, *_, **__):
            return self

        def __or__(self, _):
            return self

        __ror__ = __or__

        def __mro_entries__(self, _):
            return (_Generic,)

    class _Generic:
        """What generic classes and protocols descend from."""

        __slots__ = ()

        def __class_getitem__(cls, _):
            return cls

    Any = BinaryIO = Concatenate = Final = Generic = IO = Literal = NoReturn = _Word()
    ParamSpec = Protocol = TextIO = TypeVar = Any

    def cast(_, value):
        """`typing.cast`."""
        return value

    def overload(function):
        """`typing.overload`."""
        return function

    @lru_cache(maxsize=1)
    def _programs():
        """What a build has made of expressions for this very Python, by how they are written."""
        import marshal

        here = os.path.dirname(__file__)
        for folder in (here, os.path.dirname(here)):
            try:
                with open(os.path.join(folder, "rules", "ready", EXPRESSIONS), "rb") as file:
                    if file.readline() == made_for():
                        return marshal.loads(file.read())
            except (OSError, ValueError, EOFError, TypeError):
                continue
        return {}

    @lru_cache(maxsize=1024)
    def _compiled(pattern):
        program = _programs().get(pattern)
        if program is None:
            import re

            return re.compile(pattern)
        import _sre
        import marshal

        flags, code, groups, names, numbers = marshal.loads(program)
        return _sre.compile(pattern, flags, list(code), groups, names, numbers)

    class expression:
        """`re.compile(pattern)`, done when first used."""

        def __init__(self, pattern):
            self._pattern = pattern

        def __getattr__(self, name):
            value = getattr(_compiled(self._pattern), name)
            setattr(self, name, value)  # found without this function from now on
            return value

    byte_expression = expression


EXPRESSIONS = "expressions"  # the file beside the packs that are made ready


def made_for() -> bytes:
    """The first line of that file: what it is made for."""
    python = f"{sys.implementation.cache_tag} {sys.hexversion} {sys.byteorder} {sys.maxsize}"
    return f"expressions 2 {python}\n".encode()


def written(values: Iterable[object]) -> Iterator[str | bytes]:
    """How those of the values are written that are expressions."""
    kind: Any = expression
    for value in values:
        if isinstance(value, kind):
            known: Any = value
            yield known._pattern


def program(pattern: str | bytes) -> tuple[Any, ...] | None:
    """What `re` makes of a pattern, as plain data; None if that cannot be told of this Python.

    >>> program("a|b") is not None
    True
    """
    try:
        compiler: Any = import_module("re._compiler")
        parser: Any = import_module("re._parser")
        parsed = parser.parse(pattern, 0)
        code = tuple(compiler._code(parsed, 0))
        names = dict(parsed.state.groupdict)
        numbers: list[str | None] = [None] * parsed.state.groups
        for name, number in names.items():
            numbers[number] = name
        return parsed.state.flags, code, parsed.state.groups - 1, names, tuple(numbers)
    except (ImportError, AttributeError, TypeError):
        return None
