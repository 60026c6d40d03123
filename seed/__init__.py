"""From files of front matter to documents in the store."""
