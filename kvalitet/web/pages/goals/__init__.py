"""The pages of goals: what is reached by whom, and the sentence behind each verdict."""
