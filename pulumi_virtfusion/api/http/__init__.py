"""Requests and answers: what is sent, how often, and what a return of it proves."""
