"""The extracts' runs: the tries, what was found wrong, who decided, and the baselines that are fixed."""
