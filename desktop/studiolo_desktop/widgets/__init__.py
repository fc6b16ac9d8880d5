"""Small parts that the views are made of; none knows the engine."""
