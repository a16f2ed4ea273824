"""The planners' page: a sweep's worlds → figures, tables and sentences → HTML and a workbook."""
