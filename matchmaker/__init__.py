"""Matchmaker: pro bono matching for a city.

The flow, and the folders that follow it::

    profiles + needs -> features -> scores -> assignment -> proposals -> approval
        -> offers -> project -> outcomes -> reports

``engine`` turns a market into proven proposals (numpy and scipy only), ``models`` are the tables,
``services`` the use-cases, ``cli`` the commands. Everything a person reads lives in ``web``.
Nothing is imported here, so that the engine stays light.
"""

__version__ = "0.1.0"
