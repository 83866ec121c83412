"""The rules, one folder a family, one file a rule. No rule imports another; `checks/run/codes.py` lists them."""
