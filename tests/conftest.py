"""How tests run on any machine."""

from __future__ import annotations

import os

from hypothesis import settings

from tests import checked

checked.install()

# A slow or busy machine is no fault of the code; CI tries the same examples every time.
settings.register_profile("any machine", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("any machine")
