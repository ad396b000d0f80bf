"""The engine's side: translates a call of the engine into a call of the lifecycle, and the result back."""
