"""The record for programs: read-only, at /api/v1/, on the schema that versions have, made of public tables alone.

Every answer is JSON; every error is a problem (RFC 9457); lists come in pages with a cursor. What is promised is in
the OpenAPI document at /api/v1/openapi.json, and the page at /api/ tells it to people.
"""
