"""The press: run the notebooks, hold them to their contracts, compile HTML and PDF, check what came out."""
