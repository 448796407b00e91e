"""What surrounds each page of the book: run panel, citation, downloads, meta tags, search, the pages that hosts ask for.

`lay_furniture` writes into the stage what is made from the data; `furnish` sets it into the pages that Sphinx built.
"""

from malibook.press.furniture.furnish import furnish
from malibook.press.furniture.lay import lay_furniture
from malibook.press.furniture.panel import notice, run_panel

__all__ = ["furnish", "lay_furniture", "notice", "run_panel"]
