"""Keys and ciphers: a school's vault, master keys, signatures, passphrases."""
