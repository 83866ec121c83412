"""Check any letter: upload a file or paste the words, and read what to write instead. Nothing is stored."""
