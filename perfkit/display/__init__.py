"""How results look: tables (HTML), figures (SVG by matplotlib), frames (pandas), terminal text (rich).

    from perfkit.display import figures, tables

Every fragment takes the results of the core and gives an object that shows itself in a notebook. Words
stand in `data/`, markup in `templates/`; nothing here computes a score or knows a kernel or a file.
"""
