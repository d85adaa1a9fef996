"""What holds for all tests."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# Speed is measured in benchmarks/; here a slow machine must not look like a mistake.
settings.register_profile(
    "house", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("house")
