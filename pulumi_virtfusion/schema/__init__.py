"""The language of declarations: fields, types, and the plain values that they take."""
