"""The verbs of the directory, one function each; `api` names them all."""
