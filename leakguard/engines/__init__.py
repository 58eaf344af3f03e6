"""Engines nominate: they say where a rule might match, quickly, and never miss a place.

A false nomination costs time, a missed one is a bug. `matcher` confirms.
"""
