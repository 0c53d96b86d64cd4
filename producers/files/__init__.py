"""Files that shops bring: JSON Lines and CSV, read row by row into events."""
