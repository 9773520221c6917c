"""What decides a verdict across all that is not known: shares, sensitivity, scenario discovery, information, cruxes."""
