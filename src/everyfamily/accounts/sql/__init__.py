"""SQL of the migrations."""
