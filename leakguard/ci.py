"""What the environment tells of where this runs: at a desk, on a build server, and for whom."""

from __future__ import annotations

from leakguard.light import Final, Literal, Mapping

# What holds a key, or leads to a list of terms: no program that is started gets to see it.
PRIVATE: Final = frozenset({"LEAKGUARD_IDENTITY", "LEAKGUARD_PROVIDER"})
_TRUE: Final = ("1", "true", "yes")


def in_ci(environment: Mapping[str, str]) -> bool:
    """Whether this runs where logs are kept and read by others."""
    return environment.get("CI", "").lower() in _TRUE


def when_sealed(environment: Mapping[str, str]) -> Literal["fail", "warn", "skip"]:
    """What a sealed list that cannot be opened does here, if nobody has said.

    At a desk it is skipped: a contributor without a key is not to be red on every commit. On a
    build server it fails, since that is where the key is; but for a pull request from a fork,
    which no server trusts with a key, it warns: the push and the merge queue after it fail.

    >>> when_sealed({}), when_sealed({"CI": "true"})
    ('skip', 'fail')
    >>> when_sealed({"CI": "true", "CIRCLE_PR_NUMBER": "7"})
    'warn'
    """
    if not in_ci(environment):
        return "skip"
    return "warn" if from_fork(environment) else "fail"


def from_fork(environment: Mapping[str, str]) -> bool:
    """Whether this is a build of a pull request from a fork, as far as the server tells.

    Known are GitHub (and Gitea and Forgejo, which speak the same), GitLab, Azure Pipelines and
    CircleCI. In doubt it is none.
    """
    if environment.get("GITHUB_EVENT_NAME") == "pull_request":
        return _github(environment.get("GITHUB_EVENT_PATH", ""))
    if environment.get("CI_PIPELINE_SOURCE") == "merge_request_event":
        # A merge train runs in the target's project, which has the key.
        source = environment.get("CI_MERGE_REQUEST_SOURCE_PROJECT_ID", "")
        train = environment.get("CI_MERGE_REQUEST_EVENT_TYPE") == "merge_train"
        return not train and source != environment.get("CI_MERGE_REQUEST_PROJECT_ID", "")
    if environment.get("SYSTEM_PULLREQUEST_ISFORK", "").lower() == "true":
        return True
    # Set for pull requests from forks only.
    return bool(environment.get("CIRCLE_PR_NUMBER"))


def _github(path: str) -> bool:
    """Whether the event in the file `path` is a pull request from another repository."""
    import json

    try:
        with open(path, "rb") as file:
            request = json.load(file)["pull_request"]
        base = request["base"]["repo"]["id"]
        head = request["head"]["repo"]  # null when the fork is gone
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return not isinstance(head, dict) or head.get("id") != base
