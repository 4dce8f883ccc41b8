"""What casework looks like over REST: `asked` comes in, `answered` goes out."""
