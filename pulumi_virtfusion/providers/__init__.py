"""The engine's side: what it asks over gRPC is translated, put to a lifecycle, and translated back."""
