"""OpenDocument texts, presentations, drawings and sheets."""
