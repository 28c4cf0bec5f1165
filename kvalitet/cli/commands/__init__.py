"""The commands, grouped by what they are about; each module is imported when one of its commands is asked for."""
