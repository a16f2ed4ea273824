"""The verbs that `reports` offers; the protocol is that of `sim.commands`."""
