"""The desktop window: Qt only; talks to the engine, a child process, over JSON lines."""
