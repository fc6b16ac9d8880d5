"""Proposes questions with their passages, for a user to confirm; the templates know English and German."""
