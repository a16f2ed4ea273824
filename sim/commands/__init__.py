"""The verbs that `sim` offers.

A verb is a module with `SUMMARY` (one line), `configure(parser)` and
`execute(arguments) -> int` (the exit code). Each folder registers its own in
`pyproject.toml`, group `trondelag.commands`.
"""
