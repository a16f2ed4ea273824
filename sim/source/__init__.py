"""From chapters of text to the abstract model, and the reference run with PySD."""
