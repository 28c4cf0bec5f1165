"""The board: pages that show the year, and forms that schools deliver with."""
