"""Measures retrieval and answers on a question set: `studiolo eval`; docs/evaluation.md defines every measure."""
