"""Commands about schools, rolls, families and what may be kept of them."""
