"""What every page and Markdown file made for people shares: one environment, one style, the care for untrusted text."""
