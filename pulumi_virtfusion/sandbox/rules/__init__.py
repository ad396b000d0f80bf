"""The panel's rules, one module a section of the API, without any HTTP."""
