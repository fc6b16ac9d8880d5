"""Excel workbooks, and how a sheet becomes text."""
