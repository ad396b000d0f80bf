"""Programs for what a panel already has: each object described as its class declares it, with its `import_` option."""
