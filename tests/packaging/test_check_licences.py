"""What a licence expression lets pass."""

from __future__ import annotations

import pytest
from check_licences import is_allowed


@pytest.mark.parametrize(
    "expression",
    [
        "MIT",
        "Apache-2.0 OR BSD-2-Clause",
        "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only",
        "LGPL-3.0-or-later",
        "GNU Lesser General Public License v3 (LGPLv3)",
        "GNU Library General Public License",
        "BSD-3-Clause AND GPL-3.0-or-later WITH GCC-exception-3.1",
        "(MPL-2.0) AND (MIT License)",
        "MIT AND (Apache-2.0 OR GPL-2.0-only)",
    ],
)
def test_a_licence_that_we_can_carry_passes(expression: str) -> None:
    assert is_allowed(expression)


@pytest.mark.parametrize(
    "expression",
    [
        "GPL-3.0-or-later",
        "GPLv2",
        "AGPL-3.0-only",
        "GNU General Public License v3 (GPLv3)",
        "(GNU GPL) AND (GNU General Public License v3 or later (GPLv3+))",
        "GNU Affero General Public License v3",
        "MIT AND GPL-2.0-only",
        "(MIT OR Apache-2.0) AND AGPL-3.0-only",
        "GPL-2.0-only OR AGPL-3.0-only",
    ],
)
def test_the_gpl_and_the_agpl_are_refused(expression: str) -> None:
    assert not is_allowed(expression)
