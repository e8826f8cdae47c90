"""The years of a made-up city as they were lived: every act goes through the services, day by day.

The same city and the same days always give the same years.
"""

from __future__ import annotations

from matchmaker.sample.year.life import Lived, live

__all__ = ["Lived", "live"]
