"""Letters from outside as PDFs: words, lines, tags and page breaks."""
