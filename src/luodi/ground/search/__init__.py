"""One search for everything, within the sight of who looks."""
