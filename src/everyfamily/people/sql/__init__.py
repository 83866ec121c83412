"""What the database itself keeps and shows of people; run by migrations."""
