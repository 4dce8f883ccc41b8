"""Each planner against the best freely available peer, in one interleaved run."""
