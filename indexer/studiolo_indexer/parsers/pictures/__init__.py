"""Pictures, and the recognition of their text."""
