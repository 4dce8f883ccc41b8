"""What can be done with a case: one function for each verb, by theme. Use them through `api`."""
