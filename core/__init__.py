"""Ground floor: what every other package may lean on; no models, no domain words."""
