"""The parts of bench.py; each file is about one thing."""
