"""Pure solvers: a problem in, a plan out. Imports no Django."""
