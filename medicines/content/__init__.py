"""What a published page says: schema, rich text, citations, differences, checks. Pure Python, no database."""
