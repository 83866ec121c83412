"""The academic year, the days and hours on which letters are sent, and days on which people work."""
