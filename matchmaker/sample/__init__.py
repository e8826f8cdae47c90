"""A made-up city of any size: people, bodies and needs that do not exist, from a seed.

``generate`` gives the market folder's tables, the longer texts a site shows, and what past years
left. All names and numbers are invented; every e-mail address is under ``example.jp``.
"""

from matchmaker.sample.city import City
from matchmaker.sample.generate import DEFAULT_SEED, generate

__all__ = ["DEFAULT_SEED", "City", "generate"]
