"""Reports on the sales of the till."""
