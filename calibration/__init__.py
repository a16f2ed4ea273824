"""From observations to posterior draws."""
