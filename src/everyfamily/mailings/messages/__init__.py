"""What is written to families and schools, and the paper lists that come back."""
