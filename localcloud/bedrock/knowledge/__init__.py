"""Knowledge bases over folders of text."""
