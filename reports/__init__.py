"""From runs to figures, tables and pages."""
