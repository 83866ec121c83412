"""Commands about a letter, its checks, its site and its partnership's file."""
