"""What pages may load: our own style and script; nothing of anybody else's unless the reader asks for it."""

_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src {}; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
PAGE_POLICY = _POLICY.format("'self'")
PICTURE_POLICY = _POLICY.format("'self' http: https:")
"""Of an article whose reader wants to see pictures that stand elsewhere."""
