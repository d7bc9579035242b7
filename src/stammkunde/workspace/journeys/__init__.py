"""The pages of the customers' journey: the map with its live figures, its editor, its paths, pains and posters."""
