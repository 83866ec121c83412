"""The rules, with one folder for each family and one file for each rule. No rule imports another; `checks/run/codes.py`
lists them."""
