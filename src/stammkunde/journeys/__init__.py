"""Keep the maps of what customers go through: phases, touchpoints, paths, pains and opportunities, in versions."""
