"""Who gets a letter and when: opening, planning, following a wrong letter."""
