"""Data files, subtitles and source code."""
