"""The examinations of `virtfusion doctor`, which return findings and print nothing."""
