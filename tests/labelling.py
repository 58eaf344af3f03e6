"""What the tests of labellers share."""

from collections.abc import Callable

from leakguard.model import Label, Labeller

Seen = list[tuple[str, str]]


def labels_of(labeller: Callable[[], Labeller], text: str) -> list[Label]:
    """All labels of a text that comes in one piece."""
    labels = labeller()
    return [*labels.feed(text), *labels.close()]


def seen(labeller: Callable[[], Labeller], text: str) -> Seen:
    """What is labelled, and with which scopes; neighbours with the same scopes are one."""
    joined: list[tuple[int, int, str]] = []
    for label in labels_of(labeller, text):
        scopes = " ".join(sorted(label.scopes))
        if joined and joined[-1][1:] == (label.start, scopes):
            joined[-1] = (joined[-1][0], label.end, scopes)
        else:
            joined.append((label.start, label.end, scopes))
    return [(text[start:end], scopes) for start, end, scopes in joined]
