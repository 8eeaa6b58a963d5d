"""What the pages for browsing ask of the record: each page a constant number of queries, whatever its size."""
