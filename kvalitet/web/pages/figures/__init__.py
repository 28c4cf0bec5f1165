"""The pages of figures: all indicators, one over the years and among schools, and where a figure comes from."""
