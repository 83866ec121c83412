"""What keeps an adult away, anywhere in a row: notes, deaths, marks in a workbook."""
