"""The academic year, the days and hours on which letters go out, and days on which people work."""
