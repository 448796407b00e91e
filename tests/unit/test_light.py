"""The press loads no drawing library: charts are drawn in kernels, and half a second of every build was its loading."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import sys
import malibook.cli, malibook.cli_build, malibook.press.build, malibook.press.binding, malibook.press.epub
print(sorted({"matplotlib", "IPython", "scipy", "statsmodels"} & set(sys.modules)))
"""


def test_a_build_loads_no_drawing_library():
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr
