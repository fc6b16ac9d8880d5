"""Local models: registry, GGUF, chat, embedding, hardware; knows no documents."""
