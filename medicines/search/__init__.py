"""The search of the List: words, how the database keeps them, and what is forgiven."""
