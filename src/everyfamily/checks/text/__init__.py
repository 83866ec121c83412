"""Text as rules read it: pieces, sentences, words, numbers, languages, and how hard it is to read."""
