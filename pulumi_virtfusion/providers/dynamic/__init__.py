"""The door for Python programs: the SDK's dynamic-provider host, and what it keeps to itself."""
