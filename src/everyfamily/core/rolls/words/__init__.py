"""What words in cells mean: answers, relationships, languages, and words that close."""
