"""What every page shares: base templates, theme, components, the workbench."""
