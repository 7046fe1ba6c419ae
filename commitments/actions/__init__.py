"""The verbs: the only ways to change what the domain holds. One file for each thing that is acted on."""
