"""Programs that declare a panel's existing objects, each with the arguments of its class and the `import_` option."""
