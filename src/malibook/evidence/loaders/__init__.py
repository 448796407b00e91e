"""From upstream files to the package's tables: pure functions, DataFrame in, DataFrame out, one module per family."""
