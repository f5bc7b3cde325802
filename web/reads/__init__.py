"""What the pages read: named reads across events, lightning and speakers, each with a constant number of queries."""
