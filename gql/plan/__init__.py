"""The compiled executor: an operation becomes a plan, a plan becomes an answer."""
