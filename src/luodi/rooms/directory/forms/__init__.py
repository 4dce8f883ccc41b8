"""Forms of the directory: what is asked, in which words. What is allowed is the verbs' to say."""
