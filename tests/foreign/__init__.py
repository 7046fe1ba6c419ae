"""Promises that others collected, in their own forms: does the record hold them, and do the counts add up?"""
