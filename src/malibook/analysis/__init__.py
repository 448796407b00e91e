"""Pure functions: DataFrame in, DataFrame or small frozen result out."""
