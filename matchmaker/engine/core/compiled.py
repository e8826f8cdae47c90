"""The loops of `kernel`, compiled by numba where that is asked for, plain otherwise."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec, module_from_spec
from types import ModuleType
from typing import Any

import numpy as np

from matchmaker.engine.core import kernel
from matchmaker.engine.core.state import Pairing

_HOME = "matchmaker.engine.core.kernel"


@cache
def available() -> bool:
    """Whether numba is installed. Looking does not import it."""
    return find_spec("numba") is not None


def run(name: str, compiled: bool, *arguments: Any) -> Any:
    """Call a loop of `kernel`. Uncompiled, arrays become lists, which Python reads several times
    faster; what a loop may change of arrays and a pairing is written back."""
    if compiled:
        return getattr(_compiled(), name)(*arguments)
    lists = [_lists(argument) for argument in arguments]
    answer = getattr(kernel, name)(*lists)
    for argument, changed in zip(arguments, lists, strict=True):
        if isinstance(argument, np.ndarray):
            argument[:] = changed
        elif isinstance(argument, Pairing):
            for array, numbers in zip(argument, changed, strict=True):
                if array is not argument.first:
                    array[:] = numbers
    return answer


def _lists(argument: Any) -> Any:
    if isinstance(argument, np.ndarray):
        return argument.tolist()
    if isinstance(argument, tuple):
        return type(argument)(*(_lists(part) for part in argument))
    return argument


@cache
def _compiled() -> ModuleType:
    """A second copy of the module whose functions are compiled, and so call one another."""
    import numba

    spec = find_spec(_HOME)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    for name, function in list(vars(module).items()):
        if getattr(function, "__module__", None) == _HOME:
            setattr(module, name, numba.njit(cache=True, nogil=True)(function))
    return module
