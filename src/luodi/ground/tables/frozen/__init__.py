"""The text that landed migrations made the database of: it never changes, whatever the product becomes.

A test holds the digest of every file. A new migration needs nothing of this: policies, triggers and
functions follow from declarations.
"""
