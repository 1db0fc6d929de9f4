"""Jinja2 templates and the style sheet of the HTML report; ``page.html`` pulls all of them into one file."""
