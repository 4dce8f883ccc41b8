"""What is done with registers; `api.py` says what others may use of it."""
