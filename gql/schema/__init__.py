"""The API types, one a file, declared once for both executors."""
