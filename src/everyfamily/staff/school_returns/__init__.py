"""A school's returns and its kit, for somebody who is signed in."""
