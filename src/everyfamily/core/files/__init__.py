"""Files that people or strangers wrote, read within bounds: text, TOML, JSON, zip files, CSV cells."""
