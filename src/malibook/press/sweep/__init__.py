"""Sweeps: notebooks run over a grid of parameters, their bound numbers gathered in one table."""
