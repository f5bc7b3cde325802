"""Messages that must leave: written with the change that causes them, sent by whoever wakes up."""
