"""Requests and answers: their transport, their repetition, and the proof that an answer gives."""
