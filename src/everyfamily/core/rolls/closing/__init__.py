"""What keeps an adult away, wherever in a row it stands: notes, deaths, marks in a workbook."""
