"""The loop of a block as machine code, where the compiler (numba, extra ``fast``) is installed."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from matchmaker.engine.pairs import formulas
from matchmaker.engine.scale import kernel, rough


def available() -> bool:
    """Whether the compiler is installed."""
    return find_spec("numba") is not None


@cache
def scan() -> Any:
    """``kernel.scan``, compiled; kept on disk between runs for as long as no formula changes."""
    compile_ = import_module("numba").njit
    names: dict[str, Any] = {"minimum": min, "maximum": max}  # the same on single numbers
    mark = blake2b(digest_size=6)
    mark.update(Path(__file__).read_bytes())
    for module in (formulas, rough, kernel):
        mark.update(Path(str(module.__file__)).read_bytes())
        for function in _functions(module):
            last = module is kernel and function is kernel.scan
            copy = FunctionType(
                function.__code__, {**function.__globals__, **names}, function.__name__
            )
            if last:  # what it calls is part of it: a changed formula must not find old code
                copy.__qualname__ = f"{function.__name__}_{mark.hexdigest()}"
            names[function.__name__] = compile_(
                copy, cache=last, nogil=True, error_model="numpy", forceinline=not last
            )
        names["ones"] = _ones()
    return names["scan"]


def _ones() -> Any:
    """``formulas.ones`` as the one step that it is for a processor."""
    from numba import types
    from numba.extending import intrinsic

    @intrinsic
    def ones(typing: Any, bits: Any) -> Any:
        def count(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            lowest = context.cast(builder, arguments[0], bits, types.uint32)
            return builder.ctpop(lowest)

        return types.uint32(bits), count

    return ones


def _functions(module: ModuleType) -> list[FunctionType]:
    """The functions a module defines, in order: each calls only those before it."""
    return [
        each
        for each in vars(module).values()
        if isinstance(each, FunctionType) and each.__module__ == module.__name__
    ]
