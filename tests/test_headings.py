"""Headings of tables lead to the rules whose context words they hold."""

import pytest

import leakguard

HEADINGS = leakguard.compile(packs=["healthcare"])._matcher._headings


@pytest.mark.parametrize("heading", ["Patient MRN", "patientMrn", "MRNs", "medical record number"])
def test_a_heading_says_what_its_words_say(heading: str) -> None:
    assert "healthcare/medical-record-number" in {p.rule.id for p in HEADINGS.told_by(heading)}


@pytest.mark.parametrize("heading", ["", "Colour", "mrna", "---"])
def test_other_headings_say_nothing(heading: str) -> None:
    assert not HEADINGS.told_by(heading)


def test_rules_that_are_found_by_themselves_are_not_led_to() -> None:
    led = HEADINGS.led_to("Patient MRN")
    assert all(plan.how in ("near", "column") for plan in led)
