"""What happens when: groups, places, events, their programmes and recaps."""
