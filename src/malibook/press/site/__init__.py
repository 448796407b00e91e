"""What the press does to the built pages so that they are light and their figures belong in dark mode."""
