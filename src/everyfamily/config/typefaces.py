"""Where the typefaces are that pages load. The parent site has them, and the screens use the same files."""

from __future__ import annotations

from pathlib import Path

FONTS = Path(__file__).parents[1] / "parentsite" / "assets" / "fonts"
