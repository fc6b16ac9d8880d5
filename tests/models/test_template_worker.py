"""The process that renders templates keeps its limits and tells failures by their kind alone."""

from __future__ import annotations

import json
import subprocess
import sys

import jinja2
import pytest

from studiolo_models.template_worker import MARK, Order, render

COMMAND = [sys.executable, "-I", "-m", "studiolo_models.template_worker"]


def ask(source: str) -> dict[str, str]:
    order = Order(source, "<s>", "</s>", ("user",)).to_json()
    done = subprocess.run(COMMAND, input=order, capture_output=True, timeout=30, check=True)
    assert done.stderr == b""
    answer: dict[str, str] = json.loads(done.stdout)
    return answer


def test_it_renders_with_marks_where_contents_go() -> None:
    assert ask("{{ bos_token }}{{ messages[0].content }}") == {"rendered": f"<s>{MARK}0{MARK}"}


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("{{ ''.__class__ }}x", "rendered"),  # the sandbox gives an undefined value, which is empty
        ("{{ ''.__class__.__mro__ }}", "SecurityError"),
        ("{{ raise_exception('secret words') }}", "TemplateError"),
        ("{{ 'a' * 10 ** 10 }}", "MemoryError"),
        ("{{ messages[0].content.x.y }}", "UndefinedError"),
    ],
)
def test_a_failure_is_told_by_its_kind(source: str, kind: str) -> None:
    answer = ask(source)
    assert kind in answer if kind == "rendered" else answer == {"error": kind}


def test_an_endless_template_is_ended_by_the_system() -> None:
    loop = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
    done = subprocess.run(COMMAND, input=Order(loop, "", "", ("user",)).to_json(), capture_output=True, timeout=60)
    assert done.returncode != 0
    assert done.stdout == b""


def test_it_stops_at_a_flood() -> None:
    with pytest.raises(jinja2.TemplateError, match="flood"):
        render(Order("{% for a in range(99999) %}{{ 'aaaaaaaaaa' }}{% endfor %}", "", "", ("user",)))
