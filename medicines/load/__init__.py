"""A large record of invented medicines, for trying out how the site behaves when it has grown: `manage.py make_load`.

`names` invents words, `uses` says which recommendations there are, `contents` what each says, `record` publishes them.
Everything follows from a size and a seed: the same two make the same record.
"""
