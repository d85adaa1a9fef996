"""Profiles (folders in `shapes/`), checking descriptions against them, and reports."""
