"""Answers to every question about a round, each by solving again, never read off prices.

A question is a function of an ``Outcome`` (``result.outcome``) that hands back a frozen dataclass:
``why``, ``whynot``, ``unfilled``, ``recruit``, ``whatif``, ``sure``, ``repair``, ``fair``,
``stable`` and ``forecast``, each in the file of its name.
"""
