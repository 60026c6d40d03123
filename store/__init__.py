"""The document store: the one room that imports a Mongo driver."""
