"""What a declaration may say: fields, types, and the plain values that they take."""
