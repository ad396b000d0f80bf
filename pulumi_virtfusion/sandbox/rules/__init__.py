"""What the panel does, one module a section of the API; nothing here knows HTTP."""
