"""The commands of `studiolo`, a module for each group; `studiolo.cli` joins them."""
