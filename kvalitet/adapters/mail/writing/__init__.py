"""How a mail is written: its two parts, the municipality's own words in them, and the limits of a template."""
