"""Mails as they are written: text first, HTML beside it, headers that hold no second line."""
