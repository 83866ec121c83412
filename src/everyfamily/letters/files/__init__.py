"""A letter as files: rendered, agreed, sealed and verified without a database."""
