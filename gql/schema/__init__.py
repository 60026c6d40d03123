"""The API types, one a file, declared once for both executors."""

from gql.schema.build import build_schema

__all__ = ["build_schema"]
