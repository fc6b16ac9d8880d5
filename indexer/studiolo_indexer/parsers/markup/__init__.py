"""Texts with marks: Markdown, reStructuredText, AsciiDoc, LaTeX, notebooks."""
