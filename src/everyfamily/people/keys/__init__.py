"""The schools' keys, the file of master keys, and keyed hashes that meet a person or a way again."""
