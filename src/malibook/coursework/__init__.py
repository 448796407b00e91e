"""Coursework from one source: exercise sheets become packs for students and for instructors."""
