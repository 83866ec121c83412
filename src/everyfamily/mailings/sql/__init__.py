"""What the database itself keeps and shows of mailings; run by migrations."""
