// Nothing: what it costs to start and end any static Swift program.
