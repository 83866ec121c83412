"""What commands share: options, words that are safe on a terminal, private files, troubles in a sentence."""
