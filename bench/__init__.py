"""What claims about speed are measured with: both sides in one run, ratios rather than seconds."""
