"""The provider for Python programs, inside the SDK's dynamic-provider host."""
