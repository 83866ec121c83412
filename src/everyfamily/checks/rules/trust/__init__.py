"""Trust: numbers that answer, promises that are kept, danger first."""
