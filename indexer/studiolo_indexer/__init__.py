"""Files, their text, and the index: watches folders, extracts, chunks, stores and searches; knows no language model."""
