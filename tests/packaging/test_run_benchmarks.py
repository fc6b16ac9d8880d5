"""The benchmarks that the page names are the ones that run."""

from __future__ import annotations

import run_benchmarks


def test_scripts_are_run_once_each_in_the_order_of_the_page() -> None:
    page = "| `start.py` | window |\n| `benchmarks/chat_rate.py` | tokens |\nSee `start.py` and `make bench`."
    assert run_benchmarks.listed(page) == ["start.py", "chat_rate.py"]
