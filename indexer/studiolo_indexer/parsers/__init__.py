"""One module a family of formats; imported only inside the extractor process."""
