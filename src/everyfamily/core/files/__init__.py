"""Files that people or strangers wrote, read within limits: text, TOML, JSON, zip files, CSV cells."""
