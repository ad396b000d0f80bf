"""What `virtfusion doctor` looks at, without printing any of it."""
