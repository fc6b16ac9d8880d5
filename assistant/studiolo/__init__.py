"""The headless core that joins indexer and models: asking, the engine, the command line; no Qt."""

__version__ = "0.1.0"
