"""Reports: texts with live figures, published, signed and verified."""
