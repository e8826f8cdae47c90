"""The core: the best choice of arcs under capacities, exactly, with whole-number prices."""

from matchmaker.engine.core.arcs import Arcs, Face, Optimum
from matchmaker.engine.core.equals import Equals
from matchmaker.engine.core.roads import least_at_rows, optimum, refine

__all__ = ["Arcs", "Equals", "Face", "Optimum", "least_at_rows", "optimum", "refine"]
