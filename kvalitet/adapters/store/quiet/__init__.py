"""Why somebody hears nothing: what the store keeps of pauses."""
