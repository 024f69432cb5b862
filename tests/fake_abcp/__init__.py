"""A supplier's server that speaks the ABCP protocol, for tests. See README.md."""
