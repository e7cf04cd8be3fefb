"""What every test stands on: the same examples on every machine.

A property is tried with examples that follow from its code, so that a check that passed here
passes there. To look for new ones: pytest --hypothesis-profile=search.
"""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("check", derandomize=True, deadline=None)
settings.register_profile("search", max_examples=2000, deadline=None)
settings.load_profile("check")
