"""The demonstration's data: facts of real medicines, one decision told in our own words, and made-up items.

Everything but people, meetings, editions and sections is made by the same actions that people use. ``load`` is called
by ``manage.py load_demo``.
"""
