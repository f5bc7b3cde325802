"""Who speaks: speakers, their affiliations, topics, and links to what they made."""
