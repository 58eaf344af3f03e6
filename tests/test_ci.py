"""Where a run takes place: what servers tell in their environment, as a table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from leakguard import ci

# What the servers set, from their manuals: docs.github.com/actions (variables, webhook events),
# docs.gitlab.com/ci/variables/predefined_variables, learn.microsoft.com/azure/devops/pipelines/
# build/variables, circleci.com/docs/variables.
GITHUB = {"CI": "true", "GITHUB_ACTIONS": "true"}
REQUEST = {**GITHUB, "GITHUB_EVENT_NAME": "pull_request"}
GITLAB = {"CI": "true", "GITLAB_CI": "true", "CI_PIPELINE_SOURCE": "merge_request_event"}
GITLAB_FORK = {
    **GITLAB,
    "CI_MERGE_REQUEST_PROJECT_ID": "1",
    "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "10",
}
AZURE = {"CI": "true", "TF_BUILD": "True", "BUILD_REASON": "PullRequest"}

WHERE: dict[str, tuple[dict[str, str], str]] = {
    "a desk": ({}, "skip"),
    "a desk that says so": ({"CI": "false"}, "skip"),
    "an empty CI": ({"CI": ""}, "skip"),
    "CI=true": ({"CI": "true"}, "fail"),
    "CI=1": ({"CI": "1"}, "fail"),
    "GitHub, a push": ({**GITHUB, "GITHUB_EVENT_NAME": "push"}, "fail"),
    "GitHub, the merge queue": ({**GITHUB, "GITHUB_EVENT_NAME": "merge_group"}, "fail"),
    "GitHub, a schedule": ({**GITHUB, "GITHUB_EVENT_NAME": "schedule"}, "fail"),
    # Runs with the secrets of the base, even for a fork.
    "GitHub, for the base": ({**GITHUB, "GITHUB_EVENT_NAME": "pull_request_target"}, "fail"),
    "GitHub, a pull request without an event": (REQUEST, "fail"),
    "GitLab, a branch": ({"CI": "true", "CI_PIPELINE_SOURCE": "push"}, "fail"),
    "GitLab, a merge request": (
        {**GITLAB_FORK, "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "1"},
        "fail",
    ),
    "GitLab, a fork": (GITLAB_FORK, "warn"),
    "GitLab, a fork's merge train": (
        {**GITLAB_FORK, "CI_MERGE_REQUEST_EVENT_TYPE": "merge_train"},
        "fail",
    ),
    "Azure, a pull request": ({**AZURE, "SYSTEM_PULLREQUEST_ISFORK": "False"}, "fail"),
    "Azure, a fork": ({**AZURE, "SYSTEM_PULLREQUEST_ISFORK": "True"}, "warn"),
    "CircleCI, a pull request": ({"CI": "true", "CIRCLECI": "true"}, "fail"),
    "CircleCI, a fork": ({"CI": "true", "CIRCLECI": "true", "CIRCLE_PR_NUMBER": "7"}, "warn"),
    "a desk with a fork's variables": ({"CIRCLE_PR_NUMBER": "7"}, "skip"),
}


@pytest.mark.parametrize("where", WHERE)
def test_a_list_that_cannot_be_opened(where: str) -> None:
    environment, wanted = WHERE[where]
    assert ci.when_sealed(environment) == wanted


def repo(number: int) -> dict[str, Any]:
    return {"id": number, "full_name": f"somebody/{number}"}


EVENTS: dict[str, tuple[Any, str]] = {
    "within the repository": ({"base": {"repo": repo(1)}, "head": {"repo": repo(1)}}, "fail"),
    "from a fork": ({"base": {"repo": repo(1)}, "head": {"repo": repo(2)}}, "warn"),
    "from a fork that is gone": ({"base": {"repo": repo(1)}, "head": {"repo": None}}, "warn"),
    "from nowhere": ({"base": {"repo": repo(1)}}, "fail"),
    "of no shape": ([], "fail"),
}


@pytest.mark.parametrize("event", EVENTS)
def test_a_pull_request_on_github(event: str, tmp_path: Path) -> None:
    request, wanted = EVENTS[event]
    path = tmp_path / "event.json"
    path.write_text(json.dumps({"pull_request": request}))
    assert ci.when_sealed({**REQUEST, "GITHUB_EVENT_PATH": str(path)}) == wanted


def test_an_event_that_is_damaged_is_no_fork(tmp_path: Path) -> None:
    (tmp_path / "event.json").write_bytes(b"\xff{")
    assert not ci.from_fork({**REQUEST, "GITHUB_EVENT_PATH": str(tmp_path / "event.json")})
