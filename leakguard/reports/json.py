"""The JSON report (docs/json.md): one object, one finding a line, plain ASCII.

Lines make a diff of two reports readable, and `grep` useful.
"""

from __future__ import annotations

from leakguard.light import TextIO
from leakguard.model import Screening


def render(
    run: Screening,
    *,
    out: TextIO,
    width: int = 80,
    color: bool = False,
    ascii: bool = False,
) -> None:
    """Write `run` as JSON. Machines read it: width and colour change nothing, and all is ASCII."""
    import json

    encode = json.JSONEncoder().encode
    fields = []
    for key, value in run.to_dict().items():
        if isinstance(value, list) and value:
            items = ",\n".join(f"    {encode(item)}" for item in value)
            fields.append(f'  "{key}": [\n{items}\n  ]')
        else:
            fields.append(f'  "{key}": {encode(value)}')
    text = "{\n" + ",\n".join(fields) + "\n}\n"
    out.write(text.replace("\x7f", "\\u007f"))  # the one control character JSON leaves alone
