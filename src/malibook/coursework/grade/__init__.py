"""Grading of handed-in sheets, offline: a student's cells in one isolated process, the hidden checks in another.

What passes between the two is plain values only (`values`): numbers, texts, lists, dictionaries, dates, tables. Hidden
checks never stand in the memory, the files or the mounts of a process that runs a student's code.
"""
