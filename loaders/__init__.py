"""Batch functions: many keys in, one command to the store, as many answers out."""
