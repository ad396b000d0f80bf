"""The operations of the API, a class a section."""
