"""The partnership's settings as versions: who writes, who signs, which routes, which days. Nothing is overwritten."""
