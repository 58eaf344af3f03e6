"""Named tuples, frozen dataclasses and `IntEnum` of the standard library, defined in no time.

A hook defines some seventy of them before it reads a byte. The standard library writes and
compiles the methods of each there and then, and imports a parser of Python to do so: a third of
the hook's time. Here a class gets its constructor when it is first called. All else, pickles
included, is the same; `dataclasses.replace` and `fields` know these classes too.

>>> class Point(NamedTuple):
...     x: int
...     y: int = 0
>>> Point(1)._replace(y=2), Point(1) == (1, 0)
(Point(x=1, y=2), True)
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:  # what the type checker knows by heart
    from dataclasses import dataclass as dataclass
    from dataclasses import field as field
    from dataclasses import replace as replace
    from enum import IntEnum as IntEnum
    from typing import NamedTuple as NamedTuple
else:
    from _collections import _tuplegetter as _element

    def _compiled(names, defaults, body, scope):
        """A function called `made` of the first argument `_0` and `names`."""
        arguments = ", ".join(f"{n}=_d[{n!r}]" if n in defaults else n for n in names)
        scope = {**scope, "_d": defaults}
        exec(f"def made(_0, {arguments}):\n {body}", scope)
        return scope["made"]

    _SELDOM = 30  # to compile a constructor takes as long as so many calls without one

    def _filled(names, defaults, values, named):
        """The values of all names; None where these are not the arguments for them."""
        count = len(values)
        if count > len(names):
            return None
        filled = list(values)
        for name in names[count:]:
            if name in named:
                filled.append(named.pop(name))
            elif name in defaults:
                filled.append(defaults[name])
            else:
                return None
        return None if named else filled

    def _is_seldom(owner):
        owner._calls[0] += 1
        return owner._calls[0] < _SELDOM

    class _Asked:
        """An attribute of a class that is worked out when somebody asks for it."""

        def __init__(self, make):
            self._make = make

        def __get__(self, instance, owner):
            return self._make(owner)

    def _signature(owner):
        import inspect

        made = owner._constructor()
        kept = list(inspect.signature(made).parameters.values())[1:]
        return inspect.Signature(kept, __validate_parameters__=False)

    # ── named tuples ────────────────────────────────────────────────────────────────────────────

    def _new_constructor(cls):
        elements = "".join(f"{name}, " for name in cls._fields)
        scope = {"_new": tuple.__new__}
        return _compiled(cls._fields, cls._field_defaults, f"return _new(_0, ({elements}))", scope)

    def _first_new(cls, /, *values, **named):
        owner = next(base for base in cls.__mro__ if "_fields" in base.__dict__)
        if _is_seldom(owner):
            filled = _filled(owner._fields, owner._field_defaults, values, dict(named))
            if filled is not None:
                return tuple.__new__(cls, filled)
        made = _new_constructor(owner)
        owner.__new__ = staticmethod(made)
        return made(cls, *values, **named)

    def _make(cls, values):
        made = tuple.__new__(cls, values)
        if len(made) != len(cls._fields):
            raise TypeError(f"Expected {len(cls._fields)} arguments, got {len(made)}")
        return made

    def _replace_elements(self, /, **changes):
        made = self._make(map(changes.pop, self._fields, self))
        if changes:
            raise ValueError(f"Got unexpected field names: {list(changes)!r}")
        return made

    def _as_dict(self):
        return dict(zip(self._fields, self, strict=True))

    def _tuple_repr(self):
        pairs = zip(self._fields, self, strict=True)
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in pairs)})"

    def _plain_tuple(self):
        return tuple(self)

    class _Rows(type):
        def __new__(meta, name, bases, space):
            if not bases:
                return super().__new__(meta, name, bases, space)
            names = tuple(space.get("__annotations__", ()))
            defaults = {n: space[n] for n in names if n in space}
            elements = {n: _element(i, f"Alias for field number {i}") for i, n in enumerate(names)}
            usual = {
                "__slots__": (),
                "__new__": _first_new,
                "__repr__": _tuple_repr,
                "__getnewargs__": _plain_tuple,
                "__match_args__": names,
                "__signature__": _Asked(_signature),
                "__replace__": _replace_elements,
                "_constructor": classmethod(_new_constructor),
                "_fields": names,
                "_field_defaults": defaults,
                "_calls": [0],
                "_make": classmethod(_make),
                "_replace": _replace_elements,
                "_asdict": _as_dict,
            }
            return type(name, (tuple,), {**usual, **space, **elements})

    class NamedTuple(metaclass=_Rows):
        """`typing.NamedTuple`."""

    # ── numbers with names ──────────────────────────────────────────────────────────────────────

    class _Numbers(type):
        def __new__(meta, name, bases, space):
            made = super().__new__(meta, name, bases, space)
            values = {n: v for n, v in space.items() if type(v) is int}
            made.__members__ = known = {}
            for known_as, value in values.items():
                known[known_as] = one = int.__new__(made, value)
                one.__dict__ |= {"name": known_as, "value": value, "_name_": known_as}
                type.__setattr__(made, known_as, one)
            return made

        def __call__(cls, value):
            for one in cls.__members__.values():
                if one == value:
                    return one
            raise ValueError(f"{value!r} is not a valid {cls.__qualname__}")

        def __getitem__(cls, name):
            return cls.__members__[name]

        def __iter__(cls):
            return iter(cls.__members__.values())

        def __len__(cls):
            return len(cls.__members__)

        def __contains__(cls, value):
            return value in cls.__members__.values()

        def __setattr__(cls, name, value):
            if name in cls.__dict__.get("__members__", ()):
                raise AttributeError(f"cannot reassign member {name!r}")
            super().__setattr__(name, value)

    class IntEnum(int, metaclass=_Numbers):
        """`enum.IntEnum`, of members that are plain numbers, each another."""

        def __repr__(self):
            return f"<{type(self).__name__}.{self.name}: {int(self)}>"

        def __reduce_ex__(self, _):
            return type(self), (int(self),)

        def __copy__(self):
            return self

        def __deepcopy__(self, _):
            return self

    # ── frozen dataclasses ──────────────────────────────────────────────────────────────────────

    class _Field:
        __slots__ = ("compare", "default", "default_factory", "repr")

        def __init__(self, **said):
            self.repr = said.pop("repr", True)
            self.compare = said.pop("compare", True)
            for name, value in said.items():
                setattr(self, name, value)

        @property
        def given(self):
            """What can be left out, and what is made then."""
            return hasattr(self, "default") or hasattr(self, "default_factory")

    def field(**said):
        """`dataclasses.field`, of default, default_factory, repr and compare."""
        return _Field(**said)

    def _init_constructor(cls):
        known = cls._known
        lines, defaults, scope = [], {}, {"_d": None}
        for at, (name, known_field) in enumerate(known.items()):
            scope[f"_set{at}"] = cls.__dict__[name].__set__
            value = name
            if hasattr(known_field, "default_factory"):
                scope[f"_make{at}"] = known_field.default_factory
                defaults[name] = _Asked  # nobody passes that
                scope["_Asked"] = _Asked
                value = f"_make{at}() if {name} is _Asked else {name}"
            elif known_field.given:
                defaults[name] = known_field.default
            lines.append(f"_set{at}(_0, {value})")
        return _compiled(known, defaults, "\n ".join(lines), scope)

    def _first_init(self, /, *values, **named):
        cls = type(self)
        if _is_seldom(cls):
            filled = _filled(tuple(cls._known), cls._given, values, dict(named))
            if filled is not None:
                for (name, known), value in zip(cls._known.items(), filled, strict=True):
                    made = known.default_factory() if value is _Asked else value
                    cls.__dict__[name].__set__(self, made)
                return
        cls.__init__ = made = _init_constructor(cls)
        made(self, *values, **named)

    def _frozen(self, name, *_):
        from dataclasses import FrozenInstanceError

        raise FrozenInstanceError(f"cannot change field {name!r}")

    def _compared(self):
        return tuple([getattr(self, name) for name, f in self._known.items() if f.compare])

    def _equal(self, other):
        if other.__class__ is not self.__class__:
            return NotImplemented
        return _compared(self) == _compared(other)

    def _hash(self):
        return hash(_compared(self))

    def _fields_repr(self):
        shown = (f"{n}={getattr(self, n)!r}" for n, f in self._known.items() if f.repr)
        return f"{type(self).__qualname__}({', '.join(shown)})"

    def _restored(cls, *values):
        made = object.__new__(cls)
        for name, value in zip(cls._known, values, strict=True):
            cls.__dict__[name].__set__(made, value)
        return made

    def _reduce(self):
        return _restored, (type(self), *[getattr(self, name) for name in self._known])

    def _standard_fields(cls):
        """The fields as `dataclasses` knows them, from a class that it has made."""
        import dataclasses

        space = {"__annotations__": cls.__annotations__}
        for name, f in cls._known.items():
            said = {key: getattr(f, key) for key in _Field.__slots__ if hasattr(f, key)}
            space[name] = dataclasses.field(**said)
        twin = dataclasses.dataclass(frozen=True)(type(cls.__name__, (), space))
        return twin.__dataclass_fields__

    def dataclass(*, frozen, slots):
        """`dataclasses.dataclass`, frozen and with slots."""
        assert frozen
        assert slots

        def made(cls):
            space = dict(cls.__dict__)
            names = tuple(space.get("__annotations__", ()))
            known = {}
            for name in names:
                said = space.pop(name, known)
                if said is known:
                    known[name] = _Field()
                else:
                    known[name] = said if isinstance(said, _Field) else _Field(default=said)
            usual = {
                "__init__": _first_init,
                "__repr__": _fields_repr,
                "__eq__": _equal,
                "__hash__": _hash,
                "__setattr__": _frozen,
                "__delattr__": _frozen,
                "__reduce__": _reduce,
                "__match_args__": names,
                "__signature__": _Asked(_signature),
                "__replace__": replace,
                "__dataclass_fields__": _Asked(_standard_fields),
                "_constructor": classmethod(_init_constructor),
                "_known": known,
                "_given": {
                    name: _Asked if hasattr(f, "default_factory") else f.default
                    for name, f in known.items()
                    if f.given
                },
                "_calls": [0],
            }
            for name in ("__dict__", "__weakref__"):
                space.pop(name, None)
            space |= {"__slots__": names, "__qualname__": cls.__qualname__}
            return type(cls.__name__, cls.__bases__, {**usual, **space})

        return made

    def replace(noun, /, **changes):
        """`dataclasses.replace`, for these and all others."""
        known = getattr(type(noun), "_known", None)
        if known is None:
            import dataclasses

            return dataclasses.replace(noun, **changes)
        return type(noun)(**{name: getattr(noun, name) for name in known} | changes)
