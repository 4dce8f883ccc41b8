"""What is done with places. The only place of its rules."""
