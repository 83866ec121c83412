"""What tests remember is still where they look for it: a name that moved would only make them slow."""

from __future__ import annotations

from importlib import import_module

import pytest

from tests.factories.remembered import DEAR, remember


@pytest.mark.parametrize("module", DEAR)
def test_each_name_is_there_and_is_remembered(module: str) -> None:
    loaded = import_module(module)
    remember()
    assert all(getattr(loaded, name).is_remembered for name in DEAR[module])
