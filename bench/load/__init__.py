"""Servers under load, and what puts them under load: wrk, a steady pace, bodies of realistic size."""
