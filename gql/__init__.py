"""The GraphQL gateway: HTTP in, documents read, JSON out."""
