"""What is written to families and schools, and the lists on paper that come back."""
